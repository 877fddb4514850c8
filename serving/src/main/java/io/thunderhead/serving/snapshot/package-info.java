/** The store on disk, so that a start need not read the whole log again. */
@NullMarked
package io.thunderhead.serving.snapshot;

import org.jspecify.annotations.NullMarked;
