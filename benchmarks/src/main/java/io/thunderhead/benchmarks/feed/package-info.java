/**
 * {@code bench feed}: the way of an answer from the store to a caller in another process, beside
 * the same through protobuf's generated classes and beside a call that does nothing.
 */
@NullMarked
package io.thunderhead.benchmarks.feed;

import org.jspecify.annotations.NullMarked;
