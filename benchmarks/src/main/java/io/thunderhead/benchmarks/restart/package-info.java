/**
 * {@code bench restart}: how long a serving node takes to be ready after kill -9, from a snapshot
 * and from the log, and what readers notice of a snapshot being written.
 */
@NullMarked
package io.thunderhead.benchmarks.restart;

import org.jspecify.annotations.NullMarked;
