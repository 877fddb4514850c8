package io.thunderhead.benchmarks.pipeline;

import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.process.ChildRole;
import io.thunderhead.app.process.RoleFigures;
import io.thunderhead.app.spike.Publisher;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench edge}: how many activities a second the edge puts into Kafka. */
@Command(
    name = "edge",
    description = {
      "How many activities a second one edge takes from a publisher over HTTP and puts into Kafka,"
          + " packed and one record each, beside Kafka's own producer that sends the same activities"
          + " made ready before: the ceiling. Publisher, edge and broker share the machine, each a"
          + " process, and the edge has no spool: it reads what Kafka takes. The three take turns.",
      "About three minutes; --quick one. Fails if an accepted activity is not in the topic."
    })
public final class EdgeBench implements Callable<Integer> {
  private static final double MORE_THAN_ANYBODY = 1_000_000;
  private static final int HEAP_MIB = 1024;

  @Mixin private BenchFlags flags = new BenchFlags();

  private enum Way {
    PACKED("packed"),
    PLAIN("one record each"),
    PRODUCER("Kafka's producer alone");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  /** What one turn came to. */
  private record Turn(double perSecond, double writerCpuUs, double brokerCpuUs) {}

  @Override
  public Integer call() throws IOException, RoleFailedException, InterruptedException {
    Report report = flags.report();
    int rounds = flags.quick() ? 1 : 3;
    Map<Way, List<Turn>> turns = new EnumMap<>(Way.class);
    for (int round = 0; round < rounds; round++) {
      for (Way way : Way.values()) {
        Turn turn =
            switch (way) {
              case PACKED -> edge(100);
              case PLAIN -> edge(1);
              case PRODUCER -> producer();
            };
        report.progress(
            "%s: %,.0f activities/s, CPU %.1f us in the writer and %.1f us in the broker for each"
                .formatted(way.words, turn.perSecond(), turn.writerCpuUs(), turn.brokerCpuUs()));
        turns.computeIfAbsent(way, _ -> new ArrayList<>()).add(turn);
      }
    }
    rows(report, turns);
    flags.finish(report);
    return 0;
  }

  private static void rows(Report report, Map<Way, List<Turn>> turns) {
    String rate = "activities per second";
    String cpu = "CPU us per activity";
    String plain = Way.PLAIN.words;
    report.add(
        Row.moreIsBetter(
            "edge-packed",
            median(turns, Way.PACKED, Turn::perSecond),
            rate,
            median(turns, Way.PLAIN, Turn::perSecond),
            plain));
    report.add(
        Row.lessIsBetter(
            "edge-packed-edge-cpu",
            median(turns, Way.PACKED, Turn::writerCpuUs),
            cpu,
            median(turns, Way.PLAIN, Turn::writerCpuUs),
            plain));
    report.add(
        Row.lessIsBetter(
            "edge-packed-broker-cpu",
            median(turns, Way.PACKED, Turn::brokerCpuUs),
            cpu,
            median(turns, Way.PLAIN, Turn::brokerCpuUs),
            plain));
    for (Way way : List.of(Way.PACKED, Way.PLAIN)) {
      report.add(
          Row.moreIsBetter(
              "edge-" + way.name().toLowerCase(java.util.Locale.ROOT) + "-to-the-ceiling",
              median(turns, way, Turn::perSecond),
              rate,
              median(turns, Way.PRODUCER, Turn::perSecond),
              Way.PRODUCER.words));
    }
  }

  private Turn edge(int packEvents) throws IOException, RoleFailedException, InterruptedException {
    int warmSeconds = flags.quick() ? 8 : 10;
    int seconds = flags.quick() ? 6 : 10;
    try (Roles roles = Roles.withBroker();
        Publisher publisher = Publisher.start();
        RoleFigures figures = new RoleFigures()) {
      ChildRole edge =
          roles.startReady(
              "edge",
              HEAP_MIB,
              "--source",
              publisher.url(),
              "--format",
              "gnip",
              "--pack-events",
              Integer.toString(packEvents));
      publisher.begin(_ -> MORE_THAN_ANYBODY, warmSeconds + seconds + 1.0);
      Thread.sleep(1000L * warmSeconds);
      Reading from = Reading.of(edge, roles.broker(), accepted(figures, edge));
      Thread.sleep(1000L * seconds);
      Reading to = Reading.of(edge, roles.broker(), accepted(figures, edge));
      roles.stop(edge);
      long held = TopicCount.activities(roles.kafka());
      if (held < to.count()) {
        throw new BenchFailedException(
            "%,d activities were accepted, but the topic holds %,d".formatted(to.count(), held));
      }
      return turn(from, to);
    }
  }

  private Turn producer() throws IOException, RoleFailedException, InterruptedException {
    int warmSeconds = flags.quick() ? 4 : 6;
    int seconds = flags.quick() ? 6 : 10;
    try (Roles roles = Roles.withBroker();
        PlainSender sender = PlainSender.start(roles.kafka())) {
      Thread.sleep(1000L * warmSeconds);
      Reading from = Reading.ofUs(roles.broker(), sender.acknowledged());
      Thread.sleep(1000L * seconds);
      return turn(from, Reading.ofUs(roles.broker(), sender.acknowledged()));
    }
  }

  private static long accepted(RoleFigures figures, ChildRole edge) {
    figures.read(List.of(edge));
    return (long) figures.lasting("thunderhead_edge_accepted_total");
  }

  private static Turn turn(Reading from, Reading to) {
    double count = Math.max(1, to.count() - from.count());
    return new Turn(
        count / ((to.nanos() - from.nanos()) / 1e9),
        (to.writerCpuNs() - from.writerCpuNs()) / 1e3 / count,
        (to.brokerCpuNs() - from.brokerCpuNs()) / 1e3 / count);
  }

  private static double median(Map<Way, List<Turn>> turns, Way way, ToDoubleFunction<Turn> what) {
    double[] sorted =
        turns.getOrDefault(way, List.of()).stream().mapToDouble(what).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Counters at a moment. */
  private record Reading(long nanos, long count, long writerCpuNs, long brokerCpuNs) {
    static Reading of(ChildRole writer, ChildRole broker, long count) {
      return new Reading(System.nanoTime(), count, writer.cpu().toNanos(), broker.cpu().toNanos());
    }

    /** Where the writer is this process. */
    static Reading ofUs(ChildRole broker, long count) {
      return new Reading(
          System.nanoTime(),
          count,
          ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos(),
          broker.cpu().toNanos());
    }
  }
}
