/** Who follows whom, for requests that don't bring their following list. */
@NullMarked
package io.thunderhead.serving.graph;

import org.jspecify.annotations.NullMarked;
