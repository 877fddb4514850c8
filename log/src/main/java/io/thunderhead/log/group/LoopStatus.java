package io.thunderhead.log.group;

import io.thunderhead.log.group.GroupHealth.LoopHealth;
import io.thunderhead.log.group.GroupHealth.LoopState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one loop says about itself. Written by the loop's thread, read by any: all volatile. */
final class LoopStatus {
  private final String name;
  private volatile LoopState state = LoopState.STARTING;
  private volatile long restarts;
  private volatile @Nullable String lastFailure;
  private volatile long startedNanos = System.nanoTime();
  private volatile long lastPollNanos = startedNanos;
  private volatile long lastCommitNanos = startedNanos;
  private volatile long oldestInFlightNanos = Long.MAX_VALUE;
  private volatile int partitions;
  private volatile long inFlightRecords;
  private volatile List<String> concerns = List.of();

  LoopStatus(String name) {
    this.name = name;
  }

  void started() {
    startedNanos = System.nanoTime();
    lastPollNanos = startedNanos;
    lastCommitNanos = startedNanos;
    state = LoopState.JOINING;
  }

  void joined() {
    state = LoopState.RUNNING;
  }

  boolean isJoining() {
    return state == LoopState.JOINING;
  }

  void polled(long nowNanos) {
    lastPollNanos = nowNanos;
  }

  void committed() {
    lastCommitNanos = System.nanoTime();
  }

  void holds(int partitions, long inFlightRecords, long oldestInFlightNanos) {
    this.partitions = partitions;
    this.inFlightRecords = inFlightRecords;
    this.oldestInFlightNanos = oldestInFlightNanos;
  }

  /** What is wrong with the loop's partitions, in words. */
  void concerns(List<String> now) {
    concerns = List.copyOf(now);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
  void backingOff(String failure) {
    restarts++;
    ended(LoopState.BACKING_OFF, failure);
  }

  void failed(String failure) {
    ended(LoopState.FAILED, failure);
  }

  void stopped() {
    ended(LoopState.STOPPED, lastFailure);
  }

  private void ended(LoopState end, @Nullable String failure) {
    lastFailure = failure;
    holds(0, 0, Long.MAX_VALUE);
    concerns = List.of();
    state = end;
  }

  LoopHealth health() {
    long now = System.nanoTime();
    long oldest = oldestInFlightNanos;
    return new LoopHealth(
        name,
        state,
        restarts,
        lastFailure,
        ms(now - lastPollNanos),
        ms(now - lastCommitNanos),
        oldest == Long.MAX_VALUE ? 0 : Math.max(0, ms(now - oldest)),
        partitions,
        inFlightRecords,
        concerns);
  }

  private static long ms(long nanos) {
    return nanos / 1_000_000;
  }
}
