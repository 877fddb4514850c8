package io.thunderhead.serving.feed;

/** A request that breaks a rule of the contract; the message names field and limit. */
final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidRequestException(String message) {
    super(message, null, false, false);
  }
}
