/** Tests of this package. */
@NullMarked
package io.thunderhead.app.audit;

import org.jspecify.annotations.NullMarked;
