/** Tests of this package. */
@NullMarked
package io.thunderhead.app.http;

import org.jspecify.annotations.NullMarked;
