package io.thunderhead.app.generate;

/**
 * Says how many events are due at a steady rate. Whoever falls behind by more than a second is
 * forgiven the rest, so that a pause of the broker is not followed by a flood.
 *
 * <p>Used by one thread.
 */
public final class Pacer {
  private static final double SECOND_NS = 1e9;

  private final double perSecond;
  private long startNs;
  private long taken;

  public Pacer(double perSecond, long nowNs) {
    this.perSecond = perSecond;
    this.startNs = nowNs;
  }

  /** Takes what is due now, at most a given number, and returns how many that is. */
  public long take(long nowNs, long most) {
    double due = (nowNs - startNs) / SECOND_NS * perSecond - taken;
    double mostOwed = Math.max(1, perSecond);
    if (due > mostOwed) {
      startNs = nowNs;
      taken = -(long) mostOwed;
      due = mostOwed;
    }
    long take = Math.max(0, Math.min(most, (long) due));
    taken += take;
    return take;
  }
}
