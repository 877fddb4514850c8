/** Tests of this package. */
@NullMarked
package io.thunderhead.app.spike;

import org.jspecify.annotations.NullMarked;
