/** The edge against real servers and a real broker. */
@NullMarked
package io.thunderhead.pipeline.edge.firehose;

import org.jspecify.annotations.NullMarked;
