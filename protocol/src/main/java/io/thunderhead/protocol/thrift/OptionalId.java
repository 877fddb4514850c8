package io.thunderhead.protocol.thrift;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;

/** An id that may be absent: 0 is its value then, which is never that of one which is sound. */
final class OptionalId {
  private final String field;
  long value;
  boolean given;

  OptionalId(String field) {
    this.field = field;
  }

  void clear() {
    value = 0;
    given = false;
  }

  void set(long value) {
    this.value = value;
    given = true;
  }

  /** The id, above zero, or 0 if it is absent. */
  long optional() throws MalformedEventException {
    if (given && value <= 0) {
      throw new MalformedEventException(RejectReason.BAD_ID, field + " is not above zero");
    }
    return value;
  }

  /** The id, above zero. */
  long required() throws MalformedEventException {
    if (!given) {
      throw new MalformedEventException(RejectReason.NO_ID, field + " is missing");
    }
    return optional();
  }
}
