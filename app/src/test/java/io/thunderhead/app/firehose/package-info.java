@NullMarked
package io.thunderhead.app.firehose;

import org.jspecify.annotations.NullMarked;
