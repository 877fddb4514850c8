/** The gRPC service that answers from the store. */
@NullMarked
package io.thunderhead.serving.feed;

import org.jspecify.annotations.NullMarked;
