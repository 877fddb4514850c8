/** The program: one entry point, everything else in the packages below. */
@NullMarked
package io.thunderhead.app;

import org.jspecify.annotations.NullMarked;
