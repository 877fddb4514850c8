/** Log lines that a caller or a topic can cause as often as it likes, and that must stay few. */
@NullMarked
package io.thunderhead.serving.logging;

import org.jspecify.annotations.NullMarked;
