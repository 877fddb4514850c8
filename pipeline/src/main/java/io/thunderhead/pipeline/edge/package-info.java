/** Publishers' posts on their way in: recorded and streamed formats become activities. */
@NullMarked
package io.thunderhead.pipeline.edge;

import org.jspecify.annotations.NullMarked;
