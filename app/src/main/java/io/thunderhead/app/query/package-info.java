/** Asking a serving node, and showing its answer. */
@NullMarked
package io.thunderhead.app.query;

import org.jspecify.annotations.NullMarked;
