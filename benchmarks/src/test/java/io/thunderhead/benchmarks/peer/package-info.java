@NullMarked
package io.thunderhead.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
