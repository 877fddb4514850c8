@NullMarked
package io.thunderhead.pipeline.enrich.distribute;

import org.jspecify.annotations.NullMarked;
