/** Writing to the log: packed records, dead letters, and who is told what was acknowledged. */
@NullMarked
package io.thunderhead.log.write;

import org.jspecify.annotations.NullMarked;
