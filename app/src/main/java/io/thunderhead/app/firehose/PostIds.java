package io.thunderhead.app.firehose;

/**
 * Ids in the manner of Snowflake: 41 bits of milliseconds, 10 of a worker, 12 of a sequence. They
 * always rise, also when the clock stands still, steps back or is before the epoch.
 */
final class PostIds {
  private static final long EPOCH_MS = 1_288_834_974_657L;
  private static final int WORKER_BITS = 10;
  private static final int SEQUENCE_BITS = 12;
  private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

  private final long worker;
  private long lastMs;
  private long sequence;

  /** Ids of one of 1024 workers, whose ids never meet. */
  PostIds(long seed) {
    worker = (RandomBits.mix(seed) & ((1L << WORKER_BITS) - 1)) << SEQUENCE_BITS;
  }

  long next(long nowMs) {
    long ms = nowMs - EPOCH_MS;
    if (ms > lastMs) {
      lastMs = ms;
      sequence = 0;
    } else {
      sequence = (sequence + 1) & SEQUENCE_MASK;
      if (sequence == 0) {
        lastMs++;
      }
    }
    return lastMs << (WORKER_BITS + SEQUENCE_BITS) | worker | sequence;
  }
}
