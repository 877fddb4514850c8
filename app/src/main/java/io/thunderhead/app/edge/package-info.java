/** The edge as a process, with its sources. */
@NullMarked
package io.thunderhead.app.edge;

import org.jspecify.annotations.NullMarked;
