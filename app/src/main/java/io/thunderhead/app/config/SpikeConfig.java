package io.thunderhead.app.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A rehearsal.
 *
 * @param shape how the load goes
 * @param scale 1 is the load of the published test; 0: what this machine can carry
 * @param seconds how long the load lasts; 0: as long as its shape wants
 * @param warmSeconds how long the roles are warmed up before
 * @param out where picture and figures go
 * @param instances how many of each distributor, worker and transformer
 * @param enrichers what every post gets
 * @param faults what is done to the roles meanwhile
 * @param drainSeconds how long what waits may take to go through after the load's end
 */
public record SpikeConfig(
    HttpConfig http,
    Shape shape,
    double scale,
    int seconds,
    int warmSeconds,
    Path out,
    int instances,
    List<String> enrichers,
    Faults faults,
    int drainSeconds) {
  /** What the numbers of a shape are at scale 1, in posts a second. */
  public static final int STEADY = 8_000;

  public static final int PEAK = 25_000;
  public static final int INNER_LIMIT = 20_000;

  /** How a load goes. */
  public enum Shape {
    /** Steady, a sustained rise to over three times that, and back. */
    SUPERBOWL(120),
    /** The same without slopes. */
    STEP(90),
    /** One second of 25 times what comes before and after. */
    SECOND(60);

    private final int seconds;

    Shape(int seconds) {
      this.seconds = seconds;
    }

    public int seconds() {
      return seconds;
    }
  }

  /** What is done to the roles while the load runs. */
  public enum Faults {
    NONE,
    /**
     * Each role in turn is killed with -9 and started again at once; where there are several, one
     * is added before, and the one that is killed stays away.
     */
    KILL,
    /** A worker is stopped for longer than its leases last, and goes on. */
    PAUSE,
    /** Both. */
    ALL;

    public boolean kills() {
      return this == KILL || this == ALL;
    }

    public boolean pauses() {
      return this == PAUSE || this == ALL;
    }
  }

  public SpikeConfig {
    if (!(scale >= 0 && scale <= 100)) {
      throw new IllegalArgumentException("--scale must be from 0 to 100, not " + scale);
    }
    if (seconds != 0) {
      Limits.between("seconds", seconds, 10, 3_600);
    }
    Limits.between("warm-seconds", warmSeconds, 0, 600);
    Limits.between("instances", instances, 1, 8);
    Limits.between("drain-seconds", drainSeconds, 10, 7_200);
    enrichers = List.copyOf(enrichers);
    if (enrichers.isEmpty()) {
      throw new IllegalArgumentException("--enrichers must name at least one");
    }
  }

  public int loadSeconds() {
    return seconds == 0 ? shape.seconds() : seconds;
  }

  public SpikeConfig withScale(double measured) {
    return new SpikeConfig(
        http,
        shape,
        measured,
        seconds,
        warmSeconds,
        out,
        instances,
        enrichers,
        faults,
        drainSeconds);
  }
}
