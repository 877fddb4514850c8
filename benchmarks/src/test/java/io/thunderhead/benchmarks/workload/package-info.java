@NullMarked
package io.thunderhead.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
