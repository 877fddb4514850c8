/** Tests of this package. */
@NullMarked
package io.thunderhead.app.demo;

import org.jspecify.annotations.NullMarked;
