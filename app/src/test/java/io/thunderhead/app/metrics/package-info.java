/** Tests of this package. */
@NullMarked
package io.thunderhead.app.metrics;

import org.jspecify.annotations.NullMarked;
