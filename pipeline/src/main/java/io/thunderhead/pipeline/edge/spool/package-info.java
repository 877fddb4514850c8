/** A bounded queue on disk that survives a kill. */
@NullMarked
package io.thunderhead.pipeline.edge.spool;

import org.jspecify.annotations.NullMarked;
