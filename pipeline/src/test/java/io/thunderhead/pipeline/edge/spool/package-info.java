/** Tests of the spool. */
@NullMarked
package io.thunderhead.pipeline.edge.spool;

import org.jspecify.annotations.NullMarked;
