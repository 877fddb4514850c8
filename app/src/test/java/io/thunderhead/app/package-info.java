/** Tests of this package. */
@NullMarked
package io.thunderhead.app;

import org.jspecify.annotations.NullMarked;
