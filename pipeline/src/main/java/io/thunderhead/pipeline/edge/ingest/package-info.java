/** The edge: publishers' records become activities in the log, or in the spool while it is away. */
@NullMarked
package io.thunderhead.pipeline.edge.ingest;

import org.jspecify.annotations.NullMarked;
