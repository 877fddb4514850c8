/** Tests of this package. */
@NullMarked
package io.thunderhead.app.logging;

import org.jspecify.annotations.NullMarked;
