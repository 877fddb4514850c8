package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import io.thunderhead.pipeline.enrich.distribute.ParkedActivity.Slot;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the two readers of a distributor do differently: the fresh activities' and the late's. */
sealed interface Stage permits FreshStage, LateStage {
  /** As metrics name it. */
  String label();

  Priority priority();

  /** The enrichments that an activity should have, or null if it has nothing to do here. */
  @Nullable List<Slot> slots(Activity activity);

  /** Whether one more event may be taken up now; true counts as taken. */
  boolean mayTake();

  /** Whether requests of these enrichers may be made now. */
  boolean mayAsk(Collection<String> enrichers);

  /** How often an activity is parked before it leaves with what there is. */
  int rounds();

  long parkNanos();

  /** What leaves, once each of the slots is decided. */
  Departure departure(ParkedActivity activity);

  /** What is written for an activity: to one of the two topics or to both. */
  final class Departure {
    private final byte @Nullable [] output;
    private final byte @Nullable [] late;

    Departure(byte @Nullable [] output, byte @Nullable [] late) {
      this.output = output;
      this.late = late;
    }

    /** For the output topic, or null. */
    byte @Nullable [] output() {
      return output;
    }

    /** For the late topic, or null. */
    byte @Nullable [] late() {
      return late;
    }
  }

  /** The slots' enrichments, in their order. */
  static List<Enrichment> enrichments(ParkedActivity activity) {
    List<Enrichment> enrichments = new ArrayList<>(activity.slots().size());
    for (Slot slot : activity.slots()) {
      Enrichment result = slot.result();
      if (result == null) {
        throw new IllegalStateException("an enrichment without a status: " + slot.enricher());
      }
      enrichments.add(result);
    }
    return enrichments;
  }

  static boolean isPending(Enrichment enrichment) {
    return enrichment.getStatus() == Enrichment.Status.STATUS_PENDING;
  }

  static Enrichment failed(String name, String reason) {
    return Enrichment.newBuilder()
        .setName(name)
        .setStatus(Enrichment.Status.STATUS_FAILED)
        .setReason(reason)
        .build();
  }
}
