/** Tests of the door. */
@NullMarked
package io.thunderhead.access;

import org.jspecify.annotations.NullMarked;
