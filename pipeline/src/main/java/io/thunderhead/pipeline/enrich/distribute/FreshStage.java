package io.thunderhead.pipeline.enrich.distribute;

import io.github.bucket4j.Bucket;
import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import io.thunderhead.pipeline.enrich.distribute.ParkedActivity.Slot;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Activities on their way: each gets the enrichments that apply to it, and leaves as revision 1. If
 * some are not in at the end of its time it leaves with these pending, and a copy for later.
 */
final class FreshStage implements Stage {
  private final List<Enricher> enrichers;
  private final DistributeConfig.Parking parking;

  /** Null: no limit. */
  private final @Nullable Bucket rate;

  /**
   * @param maxRate events a second over all loops; 0: no limit
   */
  FreshStage(List<Enricher> enrichers, DistributeConfig.Parking parking, int maxRate) {
    this.enrichers = enrichers;
    this.parking = parking;
    // A tenth of a second's worth may come at once, so that short pauses cost no throughput.
    this.rate =
        maxRate == 0
            ? null
            : Bucket.builder()
                .addLimit(limit ->
                    limit
                        .capacity(Math.max(1, maxRate / 10))
                        .refillGreedy(maxRate, Duration.ofSeconds(1)))
                .build();
  }

  @Override
  public String label() {
    return "fresh";
  }

  @Override
  public Priority priority() {
    return Priority.FRESH;
  }

  @Override
  public List<Slot> slots(Activity activity) {
    if (activity.getVerb() == Verb.VERB_DELETE) {
      return List.of();
    }
    List<Slot> slots = new ArrayList<>(enrichers.size());
    for (Enricher enricher : enrichers) {
      Activity input = enricher.extract(activity);
      if (input != null) {
        slots.add(Slot.toAsk(enricher.name(), input, 0));
      }
    }
    return slots;
  }

  @Override
  public boolean mayTake() {
    return rate == null || rate.tryConsume(1);
  }

  @Override
  public boolean mayAsk(Collection<String> unused) {
    return true;
  }

  @Override
  public int rounds() {
    return parking.rounds();
  }

  @Override
  public long parkNanos() {
    return TimeUnit.MILLISECONDS.toNanos(parking.parkMs());
  }

  @Override
  public Departure departure(ParkedActivity activity) {
    List<Enrichment> enrichments = Stage.enrichments(activity);
    byte[] output = activity.encode(1, enrichments);
    return new Departure(output, enrichments.stream().anyMatch(Stage::isPending) ? output : null);
  }
}
