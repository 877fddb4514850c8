/** Tests of this package. */
@NullMarked
package io.thunderhead.app.lifecycle;

import org.jspecify.annotations.NullMarked;
