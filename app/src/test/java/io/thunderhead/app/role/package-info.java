/** Tests of this package. */
@NullMarked
package io.thunderhead.app.role;

import org.jspecify.annotations.NullMarked;
