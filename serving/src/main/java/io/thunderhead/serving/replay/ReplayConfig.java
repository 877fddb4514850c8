package io.thunderhead.serving.replay;

/**
 * How the store is filled.
 *
 * @param topic the topic of in-network events
 * @param threads reader threads at most; no more run than the topic has partitions
 * @param maxStalenessSeconds how old the answers may be before the node calls itself not ready
 * @param applyPermits batches applied at once after catch-up, so that reads keep the processors
 */
public record ReplayConfig(String topic, int threads, long maxStalenessSeconds, int applyPermits) {

  public ReplayConfig {
    if (topic.isBlank()) {
      throw new IllegalArgumentException("topic must not be blank");
    }
    require("threads", threads, 1, 1024);
    require("maxStalenessSeconds", maxStalenessSeconds, 1, 86_400);
    require("applyPermits", applyPermits, 1, 1024);
  }

  /** As many threads as processors, 60 s, 3 permits. */
  public static ReplayConfig of(String topic) {
    return new ReplayConfig(topic, Runtime.getRuntime().availableProcessors(), 60, 3);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", is " + value);
    }
  }
}
