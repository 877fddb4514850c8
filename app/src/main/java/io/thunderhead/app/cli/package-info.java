/** The command line: commands, flags, and how they become the records of the roles. */
@NullMarked
package io.thunderhead.app.cli;

import org.jspecify.annotations.NullMarked;
