/** Publishing recorded posts from files. */
@NullMarked
package io.thunderhead.app.recording;

import org.jspecify.annotations.NullMarked;
