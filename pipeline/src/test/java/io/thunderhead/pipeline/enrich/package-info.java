@NullMarked
package io.thunderhead.pipeline.enrich;

import org.jspecify.annotations.NullMarked;
