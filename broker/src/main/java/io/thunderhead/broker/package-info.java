/** A whole Kafka broker inside this process, for the demo, for development and for tests. */
@NullMarked
package io.thunderhead.broker;

import org.jspecify.annotations.NullMarked;
