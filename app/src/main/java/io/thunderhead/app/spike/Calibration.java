package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Measures what this machine can carry: everything at once, as much as the edge takes, nothing held
 * back inside. The scale that comes of it leaves a fifth unused.
 */
final class Calibration {
  private static final double MORE_THAN_ANYBODY = 1_000_000;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final Duration MEASURED = Duration.ofSeconds(8);
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

  static Capacity measure(SpikeConfig config, Path directory, Path logs, StopRequest stop)
      throws IOException, InterruptedException, RoleFailedException {
    Files.createDirectories(directory);
    Files.createDirectories(logs);
    try (Publisher publisher = Publisher.start();
        RolePath path = RolePath.start(config, 0, publisher.url(), directory, logs);
        RoleFigures figures = new RoleFigures()) {
      publisher.begin(
          second -> MORE_THAN_ANYBODY, (double) WARM_UP.plus(MEASURED).plusSeconds(5).toSeconds());
      stop.await(WARM_UP);
      double[] before = counters(figures, path);
      stop.await(MEASURED);
      double[] after = counters(figures, path);
      double seconds = after[2] - before[2];
      return new Capacity((after[0] - before[0]) / seconds, (after[1] - before[1]) / seconds);
    }
  }

  private static double[] counters(RoleFigures figures, RolePath path) throws InterruptedException {
    figures.read(path.roles());
    return new double[] {
      figures.lasting("thunderhead_edge_accepted_total"),
      figures.counter("thunderhead_distribute_read_total", line -> line.contains("\"fresh\"")),
      System.nanoTime() / 1e9
    };
  }
}
