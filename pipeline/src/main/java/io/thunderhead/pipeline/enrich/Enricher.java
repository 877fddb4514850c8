package io.thunderhead.pipeline.enrich;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import org.jspecify.annotations.Nullable;

/**
 * Finds out one thing about activities. The distributor calls only {@link #name} and {@link
 * #extract}, on its polling threads; the worker calls {@link #start}, then {@link #enrich} from
 * many threads at once. So whatever is large or slow belongs behind {@code start}, never into a
 * constructor or a static field.
 *
 * <p>An enricher keeps nothing about an activity: the same input may come again, to this worker or
 * to another one.
 */
public interface Enricher extends AutoCloseable {
  /** What flags, metrics and enrichments call it: lower case, digits and dashes, at most 40. */
  String name();

  /**
   * What a worker needs to know of this activity, and nothing more, for it travels.
   *
   * @return null if the enrichment doesn't apply to it
   */
  @Nullable Activity extract(Activity activity);

  /** Loads what {@link #enrich} needs; once, before the first call. */
  default void start() {}

  /**
   * Finds it out.
   *
   * @param input what {@link #extract} gave
   * @param result takes the result; name and status are set by the caller
   * @throws EnrichmentFailedException if this can't be found out, now or ever
   */
  void enrich(Activity input, Enrichment.Builder result)
      throws EnrichmentFailedException, InterruptedException;

  @Override
  default void close() {}
}
