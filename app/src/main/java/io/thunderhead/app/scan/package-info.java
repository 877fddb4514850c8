/** Reading topics from end to end, outside of any group. */
@NullMarked
package io.thunderhead.app.scan;

import org.jspecify.annotations.NullMarked;
