@NullMarked
package io.thunderhead.serving.feed;

import org.jspecify.annotations.NullMarked;
