/** Roles as processes of their own, started and watched from outside. */
@NullMarked
package io.thunderhead.app.process;

import org.jspecify.annotations.NullMarked;
