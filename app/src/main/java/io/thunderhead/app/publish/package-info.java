/** Writing events to Kafka as any publisher would, and knowing what became of each. */
@NullMarked
package io.thunderhead.app.publish;

import org.jspecify.annotations.NullMarked;
