/**
 * Reading a topic without a consumer group: every partition, from a point in time, for as long as
 * the process lives.
 */
@NullMarked
package io.thunderhead.log.read;

import org.jspecify.annotations.NullMarked;
