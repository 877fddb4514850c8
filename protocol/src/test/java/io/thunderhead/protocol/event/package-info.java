@NullMarked
package io.thunderhead.protocol.event;

import org.jspecify.annotations.NullMarked;
