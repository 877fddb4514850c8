package io.thunderhead.protocol;

/**
 * An event that can't be used, and why. It has no stack trace: a hostile topic throws as many of
 * these as it has records, and the place in our code says nothing about an event. Its message names
 * the field and never shows a payload.
 */
public final class MalformedEventException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  /** An event that is bad because of {@code reason}, which {@code message} puts into words. */
  public MalformedEventException(RejectReason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What is counted, and what the dead letter says. */
  public RejectReason reason() {
    return reason;
  }
}
