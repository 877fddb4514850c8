/** Tests of this package. */
@NullMarked
package io.thunderhead.app.query;

import org.jspecify.annotations.NullMarked;
