/** What the post store costs: {@code StoreBenchmark} in time, {@code StoreFootprint} in memory. */
@NullMarked
package io.thunderhead.benchmarks.store;

import org.jspecify.annotations.NullMarked;
