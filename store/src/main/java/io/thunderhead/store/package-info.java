/**
 * The posts of the last hours in memory, and the reads over them. Plain data structures and the
 * JDK: no I/O, no logging, no clock of its own.
 */
@NullMarked
package io.thunderhead.store;

import org.jspecify.annotations.NullMarked;
