package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.process.RoleFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Measures what this machine can carry: everything at once, nothing held back inside. The load
 * follows the inside at the ratio of the published test, and so grows until the machine is full:
 * were it as much as the edge takes, the edge would leave nothing to the inside. The scale that
 * comes of it leaves a fifth unused.
 */
final class Calibration {
  private static final double FIRST_RATE = 2_000;
  private static final double RATIO = (double) SpikeConfig.PEAK / SpikeConfig.INNER_LIMIT;
  private static final int GROWING_SECONDS = 24;
  private static final int MEASURED_SECONDS = 12;
  private static final int SLACK_SECONDS = 60;
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final double USED = 0.8;

  private Calibration() {}

  /**
   * What was measured.
   *
   * @param edge posts a second that the edge took in
   * @param inner posts a second that left the inside meanwhile
   */
  record Capacity(double edge, double inner) {
    double scale() {
      double carried = Math.min(edge / SpikeConfig.PEAK, inner / SpikeConfig.INNER_LIMIT) * USED;
      return Math.max(0.01, Math.floor(carried * 100) / 100);
    }
  }

  private record Counters(double edge, double inner, double second) {}

  static Capacity measure(SpikeConfig config, Path directory, Path logs, StopRequest stop)
      throws IOException, InterruptedException, RoleFailedException {
    Files.createDirectories(directory);
    Files.createDirectories(logs);
    try (Publisher publisher = Publisher.start();
        RolePath path = RolePath.start(config, 0, publisher.url(), directory, logs);
        RoleFigures figures = new RoleFigures()) {
      AtomicReference<Double> rate = new AtomicReference<>(FIRST_RATE);
      publisher.begin(
          second -> rate.get(), GROWING_SECONDS + MEASURED_SECONDS + (double) SLACK_SECONDS);
      Counters last = counters(figures, path);
      Counters measuredFrom = last;
      for (int second = 1; second <= GROWING_SECONDS + MEASURED_SECONDS; second++) {
        if (stop.await(STEP)) {
          break;
        }
        path.throwIfGone();
        Counters now = counters(figures, path);
        double inner = capacity(last, now).inner();
        rate.set(Math.max(FIRST_RATE, RATIO * inner));
        last = now;
        measuredFrom = second == GROWING_SECONDS ? now : measuredFrom;
      }
      return capacity(measuredFrom, last);
    }
  }

  private static Capacity capacity(Counters from, Counters to) {
    double seconds = Math.max(1e-3, to.second() - from.second());
    return new Capacity((to.edge() - from.edge()) / seconds, (to.inner() - from.inner()) / seconds);
  }

  private static Counters counters(RoleFigures figures, RolePath path) throws InterruptedException {
    figures.read(path.roles());
    return new Counters(
        figures.lasting("thunderhead_edge_accepted_total"),
        figures.counter("thunderhead_distribute_read_total", line -> line.contains("\"fresh\"")),
        System.nanoTime() / 1e9);
  }
}
