package io.thunderhead.pipeline.edge.spool;

import java.io.IOException;

/** A spool's directory can't be used; the message is for the person who named it. */
public final class SpoolException extends IOException {
  private static final long serialVersionUID = 1L;

  public SpoolException(String message) {
    super(message);
  }
}
