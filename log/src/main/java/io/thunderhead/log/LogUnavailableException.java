package io.thunderhead.log;

/**
 * Kafka can't be used: nobody answers, a topic is missing, or it refuses what we need. The message
 * is meant for the person who started the role.
 */
public sealed class LogUnavailableException extends RuntimeException
    permits AccessRefusedException {
  private static final long serialVersionUID = 1L;

  public LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public LogUnavailableException(String message) {
    super(message);
  }
}
