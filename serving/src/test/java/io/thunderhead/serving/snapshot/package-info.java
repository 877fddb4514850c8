@NullMarked
package io.thunderhead.serving.snapshot;

import org.jspecify.annotations.NullMarked;
