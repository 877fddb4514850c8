/** What the tests of every part of the pipeline need. */
@NullMarked
package io.thunderhead.pipeline;

import org.jspecify.annotations.NullMarked;
