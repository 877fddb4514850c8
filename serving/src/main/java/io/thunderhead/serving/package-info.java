/** A serving node: from the log to the store to callers. */
@NullMarked
package io.thunderhead.serving;

import org.jspecify.annotations.NullMarked;
