/** Start and stop of a process: signals, the order of closing, exit codes. */
@NullMarked
package io.thunderhead.app.lifecycle;

import org.jspecify.annotations.NullMarked;
