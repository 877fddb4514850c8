/** Tests of this package. */
@NullMarked
package io.thunderhead.app.cli;

import org.jspecify.annotations.NullMarked;
