package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;

/** The publisher won't have us, and won't later: its message is for the person who started us. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
