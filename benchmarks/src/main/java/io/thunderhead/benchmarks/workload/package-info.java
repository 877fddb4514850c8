/**
 * The deterministic posts and queries of the benchmarks; docs/benchmarks/workload.md is the text.
 */
@NullMarked
package io.thunderhead.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
