/** JMH benchmarks of the hot paths: {@code benchmarks/run} runs them. */
@NullMarked
package io.thunderhead.benchmarks;

import org.jspecify.annotations.NullMarked;
