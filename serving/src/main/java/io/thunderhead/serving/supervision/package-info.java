/** Keeps the threads of a serving node alive. */
@NullMarked
package io.thunderhead.serving.supervision;

import org.jspecify.annotations.NullMarked;
