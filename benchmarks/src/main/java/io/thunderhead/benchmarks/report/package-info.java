/** How a benchmark says what it measured: rows, progress, the machine. */
@NullMarked
package io.thunderhead.benchmarks.report;

import org.jspecify.annotations.NullMarked;
