package io.thunderhead.pipeline.edge;

import java.util.Locale;

/** Why a sound record is no activity of ours: the closed set that the edge counts by. */
public enum FilterReason {
  /** A change of a post; the post itself is taken once, as it was first. */
  UPDATE,
  /** A post by nobody in particular, whom nobody can follow. */
  ANONYMOUS_AUTHOR,
  /** A record of a collection other than posts and reposts: likes, follows, blocks, profiles. */
  OTHER_COLLECTION,
  /** A change of an account's handle or keys. */
  IDENTITY,
  /** A change of an account's state. */
  ACCOUNT,
  /** A verb, an operation or a kind of frame that says nothing about posts. */
  OTHER_EVENT,
  /** A message of the stream about itself: limits, warnings, withheld content. */
  CONTROL_MESSAGE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The reason as metrics name it: snake_case. */
  public String label() {
    return label;
  }
}
