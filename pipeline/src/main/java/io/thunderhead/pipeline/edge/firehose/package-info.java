/** Where publishers' records come from: streams over HTTP and WebSocket, files, standard input. */
@NullMarked
package io.thunderhead.pipeline.edge.firehose;

import org.jspecify.annotations.NullMarked;
