@NullMarked
package io.thunderhead.pipeline.edge;

import org.jspecify.annotations.NullMarked;
