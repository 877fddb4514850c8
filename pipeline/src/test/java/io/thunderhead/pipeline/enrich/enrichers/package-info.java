@NullMarked
package io.thunderhead.pipeline.enrich.enrichers;

import org.jspecify.annotations.NullMarked;
