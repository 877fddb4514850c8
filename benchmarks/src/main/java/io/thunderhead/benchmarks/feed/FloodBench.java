package io.thunderhead.benchmarks.feed;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.serving.feed.ConcurrencyLimit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench flood}: ten times what a server was sized for, with each of its limits. */
@Command(
    name = "flood",
    description = {
      "Asks a serving node ten times as often as it was sized for, with each limit of its"
          + " concurrency, the server on one processor and all callers on another (taskset). 1x is"
          + " four fifths of the most that the first of them answers while it warms up. Callers ask"
          + " at their rate whatever becomes of it, and heed no retry hint. A phase at 1x, one at"
          + " 10x, one at 1x again to see it recover; the servers take turns.",
      "Users who follow 5000 others, looked up by the server, and 400 results of 300,000 posts."
    })
public final class FloodBench implements Callable<Integer> {
  private static final int POSTS = 300_000;
  private static final int SERVER_PROCESSOR = 0;
  private static final int CALLERS_PROCESSOR = 1;
  private static final int CLOSED_CALLERS = 8;
  private static final int TIMES = 10;

  /** Of the capacity: who plans for all of it is over it with each burst. */
  private static final double SIZED_FOR = 0.8;

  private static final long STEADY_MS = 8_000;

  @Mixin private BenchFlags flags = new BenchFlags();

  @Option(names = "--seconds", paramLabel = "S", description = "How long each flood lasts.")
  private int seconds = 20;

  @Option(names = "--rounds", paramLabel = "N", description = "Floods of each server.")
  private int rounds = 1;

  @Option(
      names = "--limits",
      split = ",",
      paramLabel = "KIND,…",
      description = "Limits that are held against each other; fixed is the baseline.")
  private List<ConcurrencyLimit> limits = List.of(ConcurrencyLimit.values());

  /** The phases of one round. */
  private record Measured(Flood steady, Flood flood, Flood after) {}

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Report report = flags.report();
    Pinning.move(CALLERS_PROCESSOR);
    Map<ConcurrencyLimit, ServerProcess> servers = new EnumMap<>(ConcurrencyLimit.class);
    Map<ConcurrencyLimit, FloodCallers> callers = new EnumMap<>(ConcurrencyLimit.class);
    Map<ConcurrencyLimit, List<Measured>> all = new EnumMap<>(ConcurrencyLimit.class);
    try {
      for (ConcurrencyLimit limit : limits) {
        ServerProcess server =
            ServerProcess.start(
                ServerKind.OURS, Pinning.by(SERVER_PROCESSOR), POSTS, 0, limit.name());
        servers.put(limit, server);
        server.await();
        callers.put(limit, new FloodCallers(server.port()));
      }
      double once = 0;
      for (ConcurrencyLimit limit : limits) {
        report.progress("warming up: " + name(limit));
        double capacity = warmUp(get(callers, limit));
        once = once == 0 ? SIZED_FOR * capacity : once;
      }
      report.fact("1x, requests per second", Math.round(once));
      for (int round = 0; round < (flags.quick() ? 1 : rounds); round++) {
        for (ConcurrencyLimit limit : limits) {
          Measured measured = measure(get(callers, limit), once);
          report.progress(words(limit, measured));
          all.computeIfAbsent(limit, kind -> new ArrayList<>()).add(measured);
        }
      }
    } finally {
      callers.values().forEach(FloodCallers::close);
      servers.values().forEach(ServerProcess::close);
    }
    report.fact("seconds of flood", seconds);
    limits.forEach(limit -> rows(limit, all, report));
    flags.finish(report);
    return 0;
  }

  /** Until compiled code is running, under load too; returns answers a second at capacity. */
  private static double warmUp(FloodCallers callers)
      throws InterruptedException, ExecutionException {
    double rate = callers.runClosed(CLOSED_CALLERS, STEADY_MS / 2).goodput();
    double flooded = callers.run(TIMES * rate, STEADY_MS).goodput();
    return Math.max(flooded, callers.runClosed(CLOSED_CALLERS, STEADY_MS / 2).goodput());
  }

  private Measured measure(FloodCallers callers, double once)
      throws InterruptedException, ExecutionException {
    Flood steady = callers.run(once, STEADY_MS);
    Flood flood = callers.run(TIMES * once, 1000L * (flags.quick() ? 8 : seconds));
    Flood after = callers.run(once, STEADY_MS);
    if (steady.failed() + flood.failed() + after.failed() > 0) {
      throw new BenchFailedException("a call ended neither with an answer nor over capacity");
    }
    return new Measured(steady, flood, after);
  }

  private void rows(
      ConcurrencyLimit limit, Map<ConcurrencyLimit, List<Measured>> all, Report report) {
    more(limit, all, report, "goodput-1x", "answers per second", m -> m.steady().goodput());
    more(limit, all, report, "goodput-10x", "answers per second", m -> m.flood().goodput());
    alone(
        limit,
        all,
        report,
        "goodput-kept",
        "of goodput at 1x",
        m -> m.flood().goodput() / m.steady().goodput());
    alone(
        limit,
        all,
        report,
        "offered-10x",
        "requests per second",
        m -> m.flood().offeredPerSecond());
    alone(limit, all, report, "unsent-10x", "share of offered", m -> m.flood().unsentShare());
    alone(limit, all, report, "refused-1x", "requests", m -> m.steady().refusedCount());
    less(limit, all, report, "answer-p99-1x", "ms", m -> m.steady().answeredMs(0.99));
    less(limit, all, report, "answer-p50-10x", "ms", m -> m.flood().answeredMs(0.5));
    less(limit, all, report, "answer-p99-10x", "ms", m -> m.flood().answeredMs(0.99));
    less(limit, all, report, "refusal-p50-10x", "ms", m -> m.flood().refusedMs(0.5));
    less(limit, all, report, "refusal-p99-10x", "ms", m -> m.flood().refusedMs(0.99));
    alone(
        limit, all, report, "recovery", "s", m -> m.after().recoverySeconds(m.steady().goodput()));
  }

  private static void more(
      ConcurrencyLimit limit,
      Map<ConcurrencyLimit, List<Measured>> all,
      Report report,
      String what,
      String unit,
      ToDoubleFunction<Measured> figure) {
    double value = median(get(all, limit), figure);
    List<Measured> fixed = all.get(ConcurrencyLimit.FIXED);
    String name = "flood-" + name(limit) + "-" + what;
    report.add(
        limit == ConcurrencyLimit.FIXED || fixed == null
            ? Row.alone(name, value, unit)
            : Row.moreIsBetter(name, value, unit, median(fixed, figure), "fixed limit"));
  }

  private static void less(
      ConcurrencyLimit limit,
      Map<ConcurrencyLimit, List<Measured>> all,
      Report report,
      String what,
      String unit,
      ToDoubleFunction<Measured> figure) {
    double value = median(get(all, limit), figure);
    List<Measured> fixed = all.get(ConcurrencyLimit.FIXED);
    String name = "flood-" + name(limit) + "-" + what;
    report.add(
        limit == ConcurrencyLimit.FIXED || fixed == null
            ? Row.alone(name, value, unit)
            : Row.lessIsBetter(name, value, unit, median(fixed, figure), "fixed limit"));
  }

  private static void alone(
      ConcurrencyLimit limit,
      Map<ConcurrencyLimit, List<Measured>> all,
      Report report,
      String what,
      String unit,
      ToDoubleFunction<Measured> figure) {
    report.add(
        Row.alone("flood-" + name(limit) + "-" + what, median(get(all, limit), figure), unit));
  }

  private static double median(List<Measured> rounds, ToDoubleFunction<Measured> figure) {
    double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
    return values[values.length / 2];
  }

  private static String words(ConcurrencyLimit limit, Measured measured) {
    return String.format(
        Locale.ROOT,
        "%-8s 1x: %,.0f/s, p99 %.1f ms, %d refused; 10x: offered %,.0f/s"
            + " (%.0f %% unsent), answered %,.0f/s, p50 %.1f p99 %.1f ms, refusals p50 %.1f p99"
            + " %.1f ms; recovered in %.2f s",
        name(limit),
        measured.steady().goodput(),
        measured.steady().answeredMs(0.99),
        measured.steady().refusedCount(),
        measured.flood().offeredPerSecond(),
        100 * measured.flood().unsentShare(),
        measured.flood().goodput(),
        measured.flood().answeredMs(0.5),
        measured.flood().answeredMs(0.99),
        measured.flood().refusedMs(0.5),
        measured.flood().refusedMs(0.99),
        measured.after().recoverySeconds(measured.steady().goodput()));
  }

  private static String name(ConcurrencyLimit limit) {
    return limit.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T get(Map<ConcurrencyLimit, T> map, ConcurrencyLimit limit) {
    T value = map.get(limit);
    if (value == null) {
      throw new IllegalStateException("no " + limit);
    }
    return value;
  }
}
