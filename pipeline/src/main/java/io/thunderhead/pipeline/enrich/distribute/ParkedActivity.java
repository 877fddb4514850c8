package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An activity from being read until it has left, with what became of each of its enrichments. It
 * keeps the bytes that it came in, and of the decoded form nothing; used by its loop's thread
 * alone, but for {@link #loop}.
 */
final class ParkedActivity {
  private final EnrichLoop loop;
  private final Batch batch;
  private final ConsumerRecord<byte[], byte[]> origin;
  private final int index;
  private final int offset;
  private final int length;
  private final long keyId;
  private final List<Slot> slots;

  /** What the output begins with: the activity without revision and enrichments. */
  private final byte[] base;

  private final int baseOffset;
  private final int baseLength;

  private int missing;
  private int rounds = 1;
  private boolean hasPermit;
  private boolean left;
  private long parkedNanos = System.nanoTime();

  /** One enrichment: what a worker needs for it, or what is known already. */
  static final class Slot {
    private final String enricher;
    private final @Nullable Activity input;
    private final int attempts;
    private @Nullable EnrichmentTask task;
    private @Nullable Enrichment result;

    private Slot(
        String enricher, @Nullable Activity input, int attempts, @Nullable Enrichment result) {
      this.enricher = enricher;
      this.input = input;
      this.attempts = attempts;
      this.result = result;
    }

    /** To be asked for; it was tried so often before. */
    static Slot toAsk(String enricher, Activity input, int attempts) {
      return new Slot(enricher, input, attempts, null);
    }

    /** Nothing to ask. */
    static Slot known(Enrichment enrichment) {
      return new Slot(enrichment.getName(), null, enrichment.getAttempts(), enrichment);
    }

    String enricher() {
      return enricher;
    }

    @Nullable Activity input() {
      return input;
    }

    int attempts() {
      return attempts;
    }

    @Nullable EnrichmentTask task() {
      return task;
    }

    void asked(EnrichmentTask asked) {
      task = asked;
    }

    @Nullable Enrichment result() {
      return result;
    }

    void decide(Enrichment enrichment) {
      result = enrichment;
    }
  }

  /**
   * An activity that stands at the cursor of its batch.
   *
   * @param base what the output begins with; null for the bytes as they came
   */
  ParkedActivity(
      EnrichLoop loop, Batch batch, long keyId, List<Slot> slots, byte @Nullable [] base) {
    this.loop = loop;
    this.batch = batch;
    this.keyId = keyId;
    this.slots = slots;
    EventCursor at = batch.cursor();
    origin = at.origin();
    index = at.index();
    offset = at.offset();
    length = at.length();
    this.base = base == null ? at.src() : base;
    baseOffset = base == null ? offset : 0;
    baseLength = base == null ? length : base.length;
    for (Slot slot : slots) {
      missing += slot.result() == null ? 1 : 0;
    }
  }

  EnrichLoop loop() {
    return loop;
  }

  Batch batch() {
    return batch;
  }

  ConsumerRecord<byte[], byte[]> origin() {
    return origin;
  }

  int index() {
    return index;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  long keyId() {
    return keyId;
  }

  List<Slot> slots() {
    return slots;
  }

  /** The slots that are not known without asking. */
  List<Slot> toAsk() {
    List<Slot> open = new ArrayList<>(slots.size());
    for (Slot slot : slots) {
      if (slot.input() != null) {
        open.add(slot);
      }
    }
    return open;
  }

  boolean isComplete() {
    return missing == 0;
  }

  void decide(Slot slot, Enrichment enrichment) {
    if (slot.result() == null) {
      slot.decide(enrichment);
      missing--;
    }
  }

  int rounds() {
    return rounds;
  }

  void parkedAgain() {
    rounds++;
  }

  boolean hasPermit() {
    return hasPermit;
  }

  void permit(boolean has) {
    hasPermit = has;
  }

  boolean hasLeft() {
    return left;
  }

  void leave() {
    left = true;
  }

  void enter() {
    parkedNanos = System.nanoTime();
  }

  long parkedForNanos() {
    return System.nanoTime() - parkedNanos;
  }

  /** The activity with these enrichments: protobuf takes fields that follow for its own. */
  byte[] encode(int revision, List<Enrichment> enrichments) {
    byte[] tail =
        Activity.newBuilder()
            .setRevision(revision)
            .addAllEnrichments(enrichments)
            .build()
            .toByteArray();
    byte[] whole = new byte[baseLength + tail.length];
    System.arraycopy(base, baseOffset, whole, 0, baseLength);
    System.arraycopy(tail, 0, whole, baseLength, tail.length);
    return whole;
  }
}
