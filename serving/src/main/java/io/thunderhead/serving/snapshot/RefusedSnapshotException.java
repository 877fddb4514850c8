package io.thunderhead.serving.snapshot;

import java.util.Locale;

/**
 * A snapshot that is not loaded; the message is the end of a sentence that begins with its name.
 */
final class RefusedSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why a snapshot is not loaded. */
  enum Reason {
    /** Its bytes are not those that were written. */
    DAMAGED,
    /** It can't be read at all. */
    UNREADABLE,
    /** A later program has written it. */
    NEWER_VERSION,
    OTHER_TOPIC,
    NARROWER_LIMITS;

    final String label = name().toLowerCase(Locale.ROOT);
  }

  RefusedSnapshotException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static RefusedSnapshotException damaged(String message) {
    return new RefusedSnapshotException(Reason.DAMAGED, "is damaged: " + message);
  }

  Reason reason() {
    return reason;
  }
}
