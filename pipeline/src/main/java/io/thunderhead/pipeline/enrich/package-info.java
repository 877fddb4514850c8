/** What an enrichment is: the contract between distributors, workers and enrichers. */
@NullMarked
package io.thunderhead.pipeline.enrich;

import org.jspecify.annotations.NullMarked;
