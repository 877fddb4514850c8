/** The distributor: takes only the activities that it can park, and hands out what they lack. */
@NullMarked
package io.thunderhead.pipeline.enrich.distribute;

import org.jspecify.annotations.NullMarked;
