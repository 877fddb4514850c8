/** Tests of this package. */
@NullMarked
package io.thunderhead.app.config;

import org.jspecify.annotations.NullMarked;
