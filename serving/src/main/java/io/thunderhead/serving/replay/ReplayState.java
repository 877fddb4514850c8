package io.thunderhead.serving.replay;

/** Where a serving node stands; it only ever moves down this list. */
public enum ReplayState {
  /** Nothing runs yet. */
  STARTING,
  /** Applies what lay in the log at start; answers nothing. */
  CATCHING_UP,
  /** Answers, whether fresh or stale. */
  SERVING,
  /** Answers what is under way, and is to be sent nothing more. */
  DRAINING,
  /** Nothing runs any more. */
  CLOSED
}
