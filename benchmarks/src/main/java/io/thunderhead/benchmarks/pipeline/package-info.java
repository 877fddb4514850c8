/**
 * The way of an activity, each role a process: how fast the edge takes, and how fast it is
 * enriched.
 */
@NullMarked
package io.thunderhead.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
