package io.thunderhead.log;

import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Kafka answers but does not let us in, or is not whom we believe: waiting makes nothing better.
 * The message is meant for the person who started the role.
 */
public final class AccessRefusedException extends LogUnavailableException {
  private static final long serialVersionUID = 1L;

  public AccessRefusedException(String bootstrapServers, AuthenticationException cause) {
    super(
        "no way in to Kafka at %s, authentication: %s%s"
            .formatted(bootstrapServers, cause.getMessage(), reason(cause)),
        cause);
  }

  /** What went wrong with TLS stands in the last cause. */
  private static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return failure.getCause() == null ? "" : ": " + last.getMessage();
  }
}
