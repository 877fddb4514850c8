/** From the topic into the store, and what that says about being ready. */
@NullMarked
package io.thunderhead.serving.replay;

import org.jspecify.annotations.NullMarked;
