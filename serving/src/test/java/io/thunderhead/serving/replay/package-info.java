@NullMarked
package io.thunderhead.serving.replay;

import org.jspecify.annotations.NullMarked;
