package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What an answer that is no stream means, over HTTP and at a WebSocket's handshake alike. */
final class HttpStatus {
  private HttpStatus() {}

  /** The exception that says what to do; any status but those of success and redirects. */
  static IOException failure(
      String source, int status, @Nullable String retryAfter, InstantSource clock) {
    return switch (status) {
      case 401, 403 ->
          new RefusedException(
              "%s refuses us with HTTP %d: are the credentials right? (--authorization-file)"
                  .formatted(source, status));
      case 400, 404, 405, 406, 410 ->
          new RefusedException(
              "%s answers HTTP %d: is the address right? (--source)".formatted(source, status));
      case 420, 429 ->
          new RetryLaterException(
              RetryLaterException.Kind.RATE_LIMITED, "HTTP " + status, wait(retryAfter, clock));
      default ->
          new RetryLaterException(
              RetryLaterException.Kind.SERVER_ERROR, "HTTP " + status, wait(retryAfter, clock));
    };
  }

  /** Seconds, or a date; null if it is neither. */
  private static @Nullable Duration wait(@Nullable String retryAfter, InstantSource clock) {
    if (retryAfter == null) {
      return null;
    }
    if (retryAfter.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      ZonedDateTime until = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), until);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
