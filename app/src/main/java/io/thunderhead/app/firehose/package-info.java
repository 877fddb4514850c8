/** A synthetic firehose: the same seed always gives the same events. */
@NullMarked
package io.thunderhead.app.firehose;

import org.jspecify.annotations.NullMarked;
