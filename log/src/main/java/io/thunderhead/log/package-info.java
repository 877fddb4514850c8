/** Everything that talks to Kafka: how clients are set up, and the topics they find. */
@NullMarked
package io.thunderhead.log;

import org.jspecify.annotations.NullMarked;
