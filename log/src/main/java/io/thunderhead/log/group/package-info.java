/**
 * Reading the log in a consumer group: nothing is committed before everything earlier in its
 * partition is safe, and what became of the events travels with the offsets.
 */
@NullMarked
package io.thunderhead.log.group;

import org.jspecify.annotations.NullMarked;
