/** The long-running roles, each wired from its parts. */
@NullMarked
package io.thunderhead.app.role;

import org.jspecify.annotations.NullMarked;
