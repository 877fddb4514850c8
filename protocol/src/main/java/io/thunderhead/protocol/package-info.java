/** What travels between the rooms: topics, packed records, and why an event is bad. */
@NullMarked
package io.thunderhead.protocol;

import org.jspecify.annotations.NullMarked;
