/** The worker: pulls requests from distributors and brings back what its enrichers say. */
@NullMarked
package io.thunderhead.pipeline.enrich.work;

import org.jspecify.annotations.NullMarked;
