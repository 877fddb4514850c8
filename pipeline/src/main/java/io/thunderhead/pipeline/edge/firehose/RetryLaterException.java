package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The publisher answered, but has no stream for us now. */
public final class RetryLaterException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Which rule says how long to wait. */
  public enum Kind {
    /** It failed itself. */
    SERVER_ERROR,
    /** It was asked too often. */
    RATE_LIMITED
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  public RetryLaterException(Kind kind, String message, @Nullable Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public Kind kind() {
    return kind;
  }

  /** How long the publisher asked us to wait, if it said so. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
