package io.thunderhead.benchmarks.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench hostile}: how long a healthy caller waits beside callers who mean harm. */
@Command(
    name = "hostile",
    description = {
      "Asks a serving node at a tenth of what it could answer, alone and beside each kind of hostile"
          + " client in turn: p99 with and without. The server has one processor, the callers the"
          + " other one; hostile clients get all that the healthy caller leaves of it (SCHED_IDLE,"
          + " chrt), so that what they slow down is the server.",
      "Users who follow 5000 others, looked up by the server, and 400 results of 300,000 posts."
    })
public final class HostileBench implements Callable<Integer> {
  private static final int POSTS = 300_000;
  private static final int SERVER_PROCESSOR = 0;
  private static final int CALLERS_PROCESSOR = 1;
  private static final int CLOSED_CALLERS = 8;
  private static final double SHARE = 0.1;
  private static final long WARM_UP_MS = 8_000;
  private static final long REST_MS = 1_000;

  @Mixin private BenchFlags flags = new BenchFlags();

  @Option(names = "--seconds", paramLabel = "S", description = "How long each is measured.")
  private int seconds = 6;

  @Option(
      names = "--kinds",
      split = ",",
      paramLabel = "KIND,…",
      description = "Which: ${COMPLETION-CANDIDATES}.")
  private List<Hostility> kinds = List.of(Hostility.values());

  /** One kind's phases: alone before it, and beside it. */
  private record Beside(Flood alone, Flood attacked, double stepsPerSecond, long connections) {}

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Report report = flags.report();
    Pinning.move(CALLERS_PROCESSOR);
    long phaseMs = 1000L * (flags.quick() ? 2 : seconds);
    Map<Hostility, Beside> all = new EnumMap<>(Hostility.class);
    try (ServerProcess server =
        ServerProcess.start(ServerKind.OURS, Pinning.by(SERVER_PROCESSOR), POSTS, 0)) {
      server.await();
      try (FloodCallers healthy = new FloodCallers(server.port())) {
        healthy.runClosed(CLOSED_CALLERS, WARM_UP_MS);
        double rate = SHARE * healthy.runClosed(CLOSED_CALLERS, WARM_UP_MS).goodput();
        healthy.run(rate, WARM_UP_MS / 2);
        report.fact("requests per second of the healthy caller", rate);
        for (Hostility kind : kinds) {
          Flood alone = healthy.run(rate, phaseMs / 2);
          Beside beside = attacked(kind, server.port(), healthy, rate, phaseMs, alone);
          report.progress(words(kind, beside));
          all.put(kind, beside);
          healthy.run(rate, REST_MS); // Until what the attack left behind is gone.
        }
      }
    }
    double[] before = all.values().stream().mapToDouble(b -> b.alone().answeredMs(0.99)).toArray();
    Arrays.sort(before);
    double alone = before[before.length / 2];
    report.add(Row.alone("hostile-none-p99", alone, "ms"));
    all.forEach((kind, beside) -> rows(kind, beside, alone, report));
    flags.finish(report);
    return 0;
  }

  private static Beside attacked(
      Hostility kind, int port, FloodCallers healthy, double rate, long phaseMs, Flood alone)
      throws InterruptedException, ExecutionException {
    Process attacker = start(kind, port);
    try (BufferedReader said = attacker.inputReader(UTF_8)) {
      said.readLine();
      long startNs = System.nanoTime();
      Flood attacked = healthy.run(rate, phaseMs);
      attacker.getOutputStream().close();
      String line = said.readLine();
      if (line == null) {
        throw new BenchFailedException("the hostile client ended: " + kind);
      }
      String[] counts = line.split(" ", -1);
      double took = (System.nanoTime() - startNs) / 1e9;
      return new Beside(
          alone, attacked, Long.parseLong(counts[0]) / took, Long.parseLong(counts[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      attacker.destroy();
    }
  }

  private static Process start(Hostility kind, int port) {
    List<String> command = new ArrayList<>(List.of("chrt", "--idle", "0"));
    command.addAll(Pinning.by(CALLERS_PROCESSOR));
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath()));
    command.addAll(List.of(HostileClient.class.getName(), kind.name(), Integer.toString(port)));
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new BenchFailedException("this needs chrt and taskset (util-linux)");
    }
  }

  private static void rows(Hostility kind, Beside beside, double alone, Report report) {
    String name = "hostile-" + name(kind);
    report.add(
        Row.lessIsBetter(
            name + "-p99", beside.attacked().answeredMs(0.99), "ms", alone, "no hostile client"));
    report.add(Row.alone(name + "-unanswered", (double) unanswered(beside), "calls"));
    report.add(Row.alone(name + "-steps", beside.stepsPerSecond(), "per second"));
    report.add(Row.alone(name + "-connections", (double) beside.connections(), "in all"));
  }

  private static long unanswered(Beside beside) {
    return beside.attacked().failed() + beside.attacked().refusedCount();
  }

  private static String words(Hostility kind, Beside beside) {
    return String.format(
        Locale.ROOT,
        "%-14s healthy p99 %.2f ms alone, %.2f beside it (p50 %.2f, %.2f), %d of %d unanswered;"
            + " hostile: %,.0f steps/s on %,d connections",
        name(kind),
        beside.alone().answeredMs(0.99),
        beside.attacked().answeredMs(0.99),
        beside.alone().answeredMs(0.5),
        beside.attacked().answeredMs(0.5),
        unanswered(beside),
        beside.attacked().begun(),
        beside.stepsPerSecond(),
        beside.connections());
  }

  private static String name(Hostility kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
