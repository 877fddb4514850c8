/** What the store is measured against: Thunder's published algorithm, written straight in Java. */
@NullMarked
package io.thunderhead.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
