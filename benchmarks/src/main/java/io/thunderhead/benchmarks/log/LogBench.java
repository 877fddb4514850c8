package io.thunderhead.benchmarks.log;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench log}: our producers and readers beside Kafka's bare clients. */
@Command(
    name = "log",
    description = {
      "Our producers and readers beside Kafka's bare clients, with the same bytes, on a broker of"
          + " their own (another process on the same machine), acks=all, idempotent, checksums on.",
      "Medians of rounds in which everything comes in turn. Catch-up of 10 M events takes about 3 GB of heap."
    })
public final class LogBench implements Callable<Integer> {
  enum Part {
    PACKING,
    LANES,
    CATCH_UP,
    ALL;

    boolean covers(Part part) {
      return this == part || this == ALL;
    }
  }

  @Mixin private BenchFlags flags = new BenchFlags();

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "What to measure: packing, lanes, catch_up or all.")
  private Part part = Part.ALL;

  @Option(
      names = "--codecs",
      split = ",",
      paramLabel = "CODEC",
      description = "Codecs to measure packing with; all three take about four minutes.")
  private String[] codecs = {"none", "lz4", "zstd"};

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds of which the median counts; 1 with --quick.")
  private int rounds = 3;

  @Override
  public Integer call() throws InterruptedException {
    Report report = flags.report();
    try {
      measure(report, flags.quick());
    } catch (IOException e) {
      throw new BenchFailedException("the brokers did not start: " + e.getMessage());
    }
    flags.finish(report);
    return 0;
  }

  private void measure(Report report, boolean quick) throws IOException, InterruptedException {
    int few = quick ? 1 : rounds;
    int events = quick ? 100_000 : 600_000;
    try (BrokerProcess broker = BrokerProcess.start(1)) {
      if (part.covers(Part.PACKING)) {
        new PackingBench(broker, report, events, few).run(codecs);
      }
      if (part.covers(Part.LANES)) {
        new LanesBench(broker, "", report, events, few).run();
      }
      if (part.covers(Part.CATCH_UP)) {
        new CatchUpBench(broker.client(), report, quick ? 500_000 : 10_000_000, few).run();
      }
    }
    if (part.covers(Part.LANES)) {
      try (BrokerProcess three = BrokerProcess.start(3)) {
        new LanesBench(three, "-3-brokers", report, events, few).run();
      }
    }
  }
}
