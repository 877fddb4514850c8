/** The enrichers that we have, and how others are found. */
@NullMarked
package io.thunderhead.pipeline.enrich.enrichers;

import org.jspecify.annotations.NullMarked;
