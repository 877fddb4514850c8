package io.thunderhead.log.read;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RetriableException;

/** What kind of thing went wrong when asking the broker, and whether a person has to act. */
enum PollError {
  /** No broker answers, or not now: passes by itself. */
  UNREACHABLE("unreachable", false),
  /** The broker knows us and says no, or doesn't know us. */
  NOT_AUTHORIZED("not_authorized", true),
  /** The broker's disk gave back other bytes than it was given. */
  CORRUPT("corrupt", true),
  /** Anything else. */
  OTHER("other", true);

  final String label;
  final boolean needsPerson;

  PollError(String label, boolean needsPerson) {
    this.label = label;
    this.needsPerson = needsPerson;
  }

  static PollError of(Throwable error) {
    Throwable cause =
        error instanceof ApiException || error.getCause() == null ? error : error.getCause();
    return switch (cause) {
      // Retriable by Kafka's own book, yet no retry makes the bytes whole.
      case CorruptRecordException e -> CORRUPT;
      case RetriableException e -> UNREACHABLE;
      case AuthenticationException e -> NOT_AUTHORIZED;
      case AuthorizationException e -> NOT_AUTHORIZED;
      default -> OTHER;
    };
  }
}
