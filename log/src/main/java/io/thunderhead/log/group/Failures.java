package io.thunderhead.log.group;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass from those that need a person: wrong credentials, wrong settings. */
final class Failures {
  private Failures() {}

  static boolean isFatal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Error
          || cause instanceof ConfigException
          || cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof InconsistentGroupProtocolException
          || cause instanceof InvalidGroupIdException
          || cause instanceof InvalidTopicException
          || cause instanceof UnsupportedVersionException) {
        return true;
      }
    }
    return false;
  }

  /** The failure and its causes in a line, without stack traces. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 3; depth++) {
      text.append(text.isEmpty() ? "" : "; because: ")
          .append(cause.getClass().getSimpleName())
          .append(": ")
          .append(cause.getMessage());
      cause = cause.getCause();
    }
    return text.toString();
  }
}
