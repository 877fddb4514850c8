/** The post store beside its peers: {@code bench store}, and JMH per operation. */
@NullMarked
package io.thunderhead.benchmarks.store;

import org.jspecify.annotations.NullMarked;
