package io.thunderhead.log.group;

import io.thunderhead.log.LogUnavailableException;

/**
 * Notices when the wall clock is put back. Kafka's clients go by it for heartbeats, back-off and
 * the age of what they know, and would do none of that until it has caught up: a member is expelled
 * session after session, and only a new client helps. Used by one thread.
 */
final class ClockWatch {
  /** Less than this is not worth a new client: a heartbeat is due every three seconds. */
  static final long MOST_BACK_MS = 2_000;

  private long aheadMs;

  ClockWatch(long wallMs, long nanos) {
    aheadMs = ahead(wallMs, nanos);
  }

  /**
   * Compares the wall clock with the one that only waits.
   *
   * @throws LogUnavailableException if it was put back since the last look
   */
  void look(long wallMs, long nanos) throws LogUnavailableException {
    long now = ahead(wallMs, nanos);
    if (now < aheadMs - MOST_BACK_MS) {
      throw new LogUnavailableException(
          "the wall clock was put back by %d s, and Kafka's client would wait for it"
              .formatted((aheadMs - now) / 1000));
    }
    aheadMs = now;
  }

  private static long ahead(long wallMs, long nanos) {
    return wallMs - nanos / 1_000_000;
  }
}
