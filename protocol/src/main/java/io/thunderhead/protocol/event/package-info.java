/** {@code InNetworkEvent} and {@code LightPost} as bytes, read and written without messages. */
@NullMarked
package io.thunderhead.protocol.event;

import org.jspecify.annotations.NullMarked;
