package io.thunderhead.serving.graph;

/** Says why a following list can't be told; its message may be shown to the caller. */
public final class FollowGraphException extends Exception {
  private static final long serialVersionUID = 1L;

  public FollowGraphException(String message) {
    super(message);
  }
}
