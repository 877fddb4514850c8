@NullMarked
package io.thunderhead.pipeline.transform;

import org.jspecify.annotations.NullMarked;
