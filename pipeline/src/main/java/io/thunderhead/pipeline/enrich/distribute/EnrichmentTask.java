package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;

/**
 * One enrichment of one parked activity, from the moment it is asked for until it is decided. It is
 * decided once: by a worker's outcome, by too many lost leases, or by whoever waits giving up;
 * {@link TaskBook} sees to that.
 */
final class EnrichmentTask {
  private final long id;
  private final String enricher;
  private final Activity input;
  private final int sizeBytes;
  private final Priority priority;
  private final Owner owner;
  private final long madeNanos = System.nanoTime();

  /** Leases that ended without an outcome; written by the dispatcher's thread only. */
  private int lostLeases;

  private volatile boolean decided;

  /** Whether an activity still waits for it, or has left without it. */
  enum Priority {
    FRESH,
    LATE
  }

  /** Told of the outcome, once, on any thread; must return at once. */
  @FunctionalInterface
  interface Owner {
    void decided(EnrichmentTask task, Enrichment enrichment);
  }

  EnrichmentTask(long id, String enricher, Activity input, Priority priority, Owner owner) {
    this.id = id;
    this.enricher = enricher;
    this.input = input;
    this.sizeBytes = input.getSerializedSize();
    this.priority = priority;
    this.owner = owner;
  }

  long id() {
    return id;
  }

  String enricher() {
    return enricher;
  }

  Activity input() {
    return input;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  Priority priority() {
    return priority;
  }

  Owner owner() {
    return owner;
  }

  long ageNanos() {
    return System.nanoTime() - madeNanos;
  }

  boolean isDecided() {
    return decided;
  }

  /** Only by {@link TaskBook}. */
  void markDecided() {
    decided = true;
  }

  /** One more lease is over without an outcome; says how many there were. */
  int loseLease() {
    return ++lostLeases;
  }
}
