package io.thunderhead.benchmarks.report;

/** A run that can't go on, or whose answers are wrong; the message is all the user needs. */
public final class BenchFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BenchFailedException(String message) {
    super(message);
  }
}
