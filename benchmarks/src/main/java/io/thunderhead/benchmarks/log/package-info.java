/** {@code bench log}: packing, lanes and catch-up beside the bare client on the same broker. */
@NullMarked
package io.thunderhead.benchmarks.log;

import org.jspecify.annotations.NullMarked;
