package io.thunderhead.serving.replay;

import io.thunderhead.store.CreateOutcome;
import io.thunderhead.store.DeleteOutcome;
import java.util.Locale;

/** What became of an event. Each one that is read has exactly one of these. */
public enum ReplayOutcome {
  APPLIED,
  DUPLICATE,
  EXPIRED,
  FUTURE,
  DELETED,
  EVICTED,
  INVALID,
  FULL,
  DELETE_APPLIED,
  DELETE_RECORDED,
  DELETE_DUPLICATE,
  DELETE_EXPIRED,
  DELETE_INVALID,
  DELETE_FULL,
  NULL,
  MALFORMED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The outcome as metrics and summaries name it: snake_case. */
  public String label() {
    return label;
  }

  static ReplayOutcome of(CreateOutcome outcome) {
    return switch (outcome) {
      case APPLIED -> APPLIED;
      case DUPLICATE -> DUPLICATE;
      case EXPIRED -> EXPIRED;
      case FUTURE -> FUTURE;
      case DELETED -> DELETED;
      case EVICTED -> EVICTED;
      case INVALID -> INVALID;
      case FULL -> FULL;
    };
  }

  static ReplayOutcome of(DeleteOutcome outcome) {
    return switch (outcome) {
      case APPLIED -> DELETE_APPLIED;
      case RECORDED -> DELETE_RECORDED;
      case DUPLICATE -> DELETE_DUPLICATE;
      case EXPIRED -> DELETE_EXPIRED;
      case INVALID -> DELETE_INVALID;
      case FULL -> DELETE_FULL;
    };
  }
}
