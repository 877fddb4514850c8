/** Tests of this package. */
@NullMarked
package io.thunderhead.app.generate;

import org.jspecify.annotations.NullMarked;
