package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import io.thunderhead.pipeline.enrich.distribute.ParkedActivity.Slot;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Activities that have left with enrichments pending: these are asked for again, behind all fresh
 * ones and only while a worker is there that can do them. Once none is pending the activity is
 * written again as revision 2; what was tried too often has failed.
 */
final class LateStage implements Stage {
  private final Map<String, Enricher> enrichers = new HashMap<>();
  private final DistributeConfig.Leasing settings;
  private final Dispatcher dispatcher;

  LateStage(List<Enricher> enrichers, DistributeConfig.Leasing settings, Dispatcher dispatcher) {
    for (Enricher enricher : enrichers) {
      this.enrichers.put(enricher.name(), enricher);
    }
    this.settings = settings;
    this.dispatcher = dispatcher;
  }

  @Override
  public String label() {
    return "late";
  }

  @Override
  public Priority priority() {
    return Priority.LATE;
  }

  @Override
  public @Nullable List<Slot> slots(Activity activity) {
    List<Slot> slots = new ArrayList<>(activity.getEnrichmentsCount());
    boolean pending = false;
    for (Enrichment enrichment : activity.getEnrichmentsList()) {
      pending |= Stage.isPending(enrichment);
      slots.add(Stage.isPending(enrichment) ? again(activity, enrichment) : Slot.known(enrichment));
    }
    return pending ? slots : null;
  }

  private Slot again(Activity activity, Enrichment pending) {
    Enricher enricher = enrichers.get(pending.getName());
    Activity input = enricher == null ? null : enricher.extract(activity);
    return input == null
        ? Slot.known(Stage.failed(pending.getName(), "not_configured"))
        : Slot.toAsk(pending.getName(), input, pending.getAttempts());
  }

  @Override
  public boolean mayTake() {
    return true;
  }

  @Override
  public boolean mayAsk(Collection<String> names) {
    return dispatcher.canServe(names);
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public long parkNanos() {
    return TimeUnit.MILLISECONDS.toNanos(settings.lateParkMs());
  }

  @Override
  public Departure departure(ParkedActivity activity) {
    List<Enrichment> enrichments = new ArrayList<>();
    boolean pending = false;
    for (Slot slot : activity.slots()) {
      Enrichment result = slot.result();
      if (result == null) {
        throw new IllegalStateException("an enrichment without a status: " + slot.enricher());
      }
      if (Stage.isPending(result)) {
        int attempts = slot.attempts() + 1;
        result =
            attempts < settings.maxLateAttempts()
                ? result.toBuilder().setAttempts(attempts).build()
                : Stage.failed(slot.enricher(), "too_many_attempts");
        pending |= Stage.isPending(result);
        slot.decide(result);
      }
      enrichments.add(result);
    }
    return pending
        ? new Departure(null, activity.encode(1, enrichments))
        : new Departure(activity.encode(2, enrichments), null);
  }
}
