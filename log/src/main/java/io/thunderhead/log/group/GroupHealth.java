package io.thunderhead.log.group;

import io.thunderhead.log.ClientSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the loops of a {@link GroupReader} are at one moment. A process whose loops are not all alive
 * should be started again; one that is merely not ready should be left alone.
 */
public record GroupHealth(List<LoopHealth> loops) {
  /** A loop that has not polled for this long hangs in its handler. */
  static final long STALE_POLL_MS = ClientSettings.MAX_POLL_INTERVAL_MS / 2;

  /** A batch that has waited this long for its acknowledgements is stuck. */
  static final long STUCK_BATCH_MS = 60_000;

  /** What a loop does. */
  public enum LoopState {
    STARTING,
    /** Polls, but the group has not let it in yet. */
    JOINING,
    RUNNING,
    /** Failed, and waits before it starts again. */
    BACKING_OFF,
    /** Failed in a way that starting again can't mend. */
    FAILED,
    STOPPED
  }

  /**
   * How one loop is.
   *
   * @param lastFailure what ended the last run, null if none failed
   * @param lastPollAgeMs since the last poll returned
   * @param lastCommitAgeMs since a commit was last answered, or the loop started
   * @param oldestInFlightMs how long the oldest batch has waited to be safe, 0 if none waits
   * @param partitions how many the loop reads
   * @param concerns what is wrong with its partitions, in words: nothing is committed although
   *     there is lag, or lag only grows
   */
  public record LoopHealth(
      String name,
      LoopState state,
      long restarts,
      @Nullable String lastFailure,
      long lastPollAgeMs,
      long lastCommitAgeMs,
      long oldestInFlightMs,
      int partitions,
      long inFlightRecords,
      List<String> concerns) {

    public LoopHealth {
      concerns = List.copyOf(concerns);
    }

    private @Nullable String problem() {
      return switch (state) {
        case STARTING, JOINING -> name + " has not joined its group yet";
        case BACKING_OFF -> name + " failed and will start again: " + lastFailure;
        case FAILED -> name + " failed for good: " + lastFailure;
        case STOPPED -> name + " is stopped";
        case RUNNING -> {
          if (lastPollAgeMs > STALE_POLL_MS) {
            yield name + " has not polled for " + lastPollAgeMs / 1000 + " s";
          }
          if (oldestInFlightMs > STUCK_BATCH_MS) {
            yield name + " waits for an acknowledgement since " + oldestInFlightMs / 1000 + " s";
          }
          yield concerns.isEmpty() ? null : name + ": " + String.join("; ", concerns);
        }
      };
    }
  }

  /** False if a loop is gone for good or hangs. */
  public boolean alive() {
    for (LoopHealth loop : loops) {
      if (loop.state() == LoopState.FAILED
          || (loop.state() == LoopState.RUNNING && loop.lastPollAgeMs() > STALE_POLL_MS)) {
        return false;
      }
    }
    return true;
  }

  /** True if every loop does its work. */
  public boolean ready() {
    return problems().isEmpty();
  }

  /** One sentence for each loop that doesn't do its work. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (LoopHealth loop : loops) {
      String problem = loop.problem();
      if (problem != null) {
        problems.add(problem);
      }
    }
    return problems;
  }
}
