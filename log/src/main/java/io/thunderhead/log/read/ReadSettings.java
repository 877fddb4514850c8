package io.thunderhead.log.read;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How a topic is read. Reading starts with what was logged within {@code window} plus {@code skew};
 * the window is also how long a hole in the log matters.
 *
 * @param topic the topic, of which every partition is read
 * @param threads reader threads at most; no more run than there are partitions
 * @param window how far back the log matters
 * @param skew how far clocks may differ
 * @param maxPollRecords records per batch at most, over the partitions of a reader
 * @param fetchBudgetBytes what all readers together may hold of fetched, unapplied data
 * @param discoverEvery how often new partitions are looked for
 * @param monitorEvery how often the end offsets are asked for
 * @param clock the time that {@code window} is counted from
 */
public record ReadSettings(
    String topic,
    int threads,
    Duration window,
    Duration skew,
    int maxPollRecords,
    int fetchBudgetBytes,
    Duration discoverEvery,
    Duration monitorEvery,
    InstantSource clock) {
  private static final int MIN_FETCH_BYTES = 64 << 10;
  private static final int MAX_PARTITION_FETCH_BYTES = 1 << 20;

  public ReadSettings {
    require(!topic.isBlank(), "topic must not be blank");
    require(threads >= 1 && threads <= 1024, "threads must be 1 to 1024, is " + threads);
    require(window.isPositive(), "window must be above zero");
    require(!skew.isNegative(), "skew must not be below zero");
    require(maxPollRecords >= 1, "maxPollRecords must be at least 1, is " + maxPollRecords);
    require(
        fetchBudgetBytes >= 1 << 20,
        "fetchBudgetBytes must be at least 1048576, is " + fetchBudgetBytes);
    require(discoverEvery.isPositive(), "discoverEvery must be above zero");
    require(monitorEvery.isPositive(), "monitorEvery must be above zero");
  }

  /** The defaults: 1000 records a poll, 64 MiB fetched, a look every 2 s and every 500 ms. */
  public static ReadSettings of(
      String topic, int threads, Duration window, Duration skew, InstantSource clock) {
    return new ReadSettings(
        topic,
        threads,
        window,
        skew,
        1000,
        64 << 20,
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        clock);
  }

  /** A consumer holds up to two answers, one being applied and one on its way. */
  int fetchMaxBytes() {
    return Math.max(MIN_FETCH_BYTES, fetchBudgetBytes / threads / 2);
  }

  int maxPartitionFetchBytes() {
    return Math.min(MAX_PARTITION_FETCH_BYTES, fetchMaxBytes());
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
