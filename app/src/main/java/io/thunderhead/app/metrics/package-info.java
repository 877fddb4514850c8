/** Metrics read back: as text for Prometheus, and as the few figures that people look at. */
@NullMarked
package io.thunderhead.app.metrics;

import org.jspecify.annotations.NullMarked;
