package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.config.SpikeConfig.Shape;

/**
 * How many posts a second are published, over the time of a run.
 *
 * <pre>
 *   superbowl        ________            step        ________        second        |
 *              _____/        \_____            _____|        |_____          ______|______
 *              0   .2 .3    .6 .7  1           0   .25      .6     1         0    .4      1
 * </pre>
 */
record LoadShape(Shape shape, double scale, int seconds) {
  private static final double PEAK_SECOND = 25;

  static LoadShape of(SpikeConfig config) {
    return new LoadShape(config.shape(), config.scale(), config.loadSeconds());
  }

  /** Posts a second before and after the spike; of {@code second} the record's own average. */
  double steady() {
    return scale * (shape == Shape.SECOND ? 5_700 : SpikeConfig.STEADY);
  }

  double peak() {
    return shape == Shape.SECOND ? PEAK_SECOND * steady() : scale * SpikeConfig.PEAK;
  }

  /** What the inside may do at most. */
  int innerLimit() {
    return Math.max(1, (int) (scale * SpikeConfig.INNER_LIMIT));
  }

  /** From when on the spike is over, in seconds. */
  double spikeEnd() {
    return switch (shape) {
      case SUPERBOWL -> 0.65 * seconds;
      case STEP -> 0.6 * seconds;
      case SECOND -> Math.floor(0.4 * seconds) + 1;
    };
  }

  /** Posts a second at a moment; 0 after the end. */
  double rateAt(double second) {
    if (second < 0 || second >= seconds) {
      return 0;
    }
    double part = second / seconds;
    return switch (shape) {
      case SUPERBOWL -> steady() + (peak() - steady()) * slopes(part);
      case STEP -> part >= 0.25 && part < 0.6 ? peak() : steady();
      case SECOND -> {
        double start = Math.floor(0.4 * seconds);
        yield second >= start && second < start + 1 ? peak() : steady();
      }
    };
  }

  private static double slopes(double part) {
    double up = (part - 0.2) / 0.1;
    double down = (0.7 - part) / 0.1;
    return Math.clamp(Math.min(up, down), 0, 1);
  }
}
