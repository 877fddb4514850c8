/**
 * The transformer: firehose events in, one event of the in-network topic out, or a reason why not.
 */
@NullMarked
package io.thunderhead.pipeline.transform;

import org.jspecify.annotations.NullMarked;
