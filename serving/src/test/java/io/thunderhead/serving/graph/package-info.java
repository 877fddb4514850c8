@NullMarked
package io.thunderhead.serving.graph;

import org.jspecify.annotations.NullMarked;
