package io.thunderhead.pipeline.edge;

/** Leaves a parser as soon as a record is known to be malformed; it has no stack trace. */
final class UnusableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RecordFault fault;

  UnusableRecordException(RecordFault fault) {
    super(fault.label(), null, false, false);
    this.fault = fault;
  }

  RecordFault fault() {
    return fault;
  }
}
