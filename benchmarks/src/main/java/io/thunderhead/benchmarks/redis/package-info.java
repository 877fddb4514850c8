/** The same posts in Redis, a sorted set per author and list. */
@NullMarked
package io.thunderhead.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
