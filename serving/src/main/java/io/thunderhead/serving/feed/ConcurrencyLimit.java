package io.thunderhead.serving.feed;

/** Who decides how many requests are answered at once; the setting bounds each of them. */
public enum ConcurrencyLimit {
  /** The setting alone. */
  FIXED,
  /** Netflix's Gradient2: fewer while requests take longer than they have been taking for long. */
  GRADIENT,
  /** Netflix's Vegas: as many as keep the time that requests wait for each other short. */
  VEGAS
}
