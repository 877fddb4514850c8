/** Publishing the synthetic firehose at a steady rate. */
@NullMarked
package io.thunderhead.app.generate;

import org.jspecify.annotations.NullMarked;
