/**
 * Fuzz targets: every reader of bytes that others send, under Jazzer. Each holds that no input
 * raises another exception than the documented one, takes long or much memory, and that what is
 * accepted can be written and read again.
 */
@NullMarked
package io.thunderhead.fuzz;

import org.jspecify.annotations.NullMarked;
