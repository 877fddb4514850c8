/** The rehearsal of a spike: the roles as processes, the load, the picture and the account. */
@NullMarked
package io.thunderhead.app.spike;

import org.jspecify.annotations.NullMarked;
