package io.thunderhead.benchmarks.pipeline;

import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.process.ChildRole;
import io.thunderhead.app.process.FreePorts;
import io.thunderhead.app.process.RoleFigures;
import io.thunderhead.app.spike.PostLines;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench enrich}: how many activities a second get through enrichment. */
@Command(
    name = "enrich",
    description = {
      "How many activities a second one distributor gets enriched: with enrichers that answer at once,"
          + " and with 1, 2 and 4 workers where each enrichment waits, unwinding a URL at a server"
          + " on this machine that takes 100 ms for each. Every role is a process; the activities"
          + " wait in Kafka before.",
      "About three minutes; --quick one and a half."
    })
public final class EnrichBench implements Callable<Integer> {
  private static final int DELAY_MS = 100;
  private static final int CONCURRENCY = 32;
  private static final int[] WORKERS = {1, 2, 4};
  private static final int HEAP_MIB = 768;
  private static final String DONE = "thunderhead_distribute_enrichments_total";

  @Mixin private BenchFlags flags = new BenchFlags();

  /** Enriched activities, and what they cost in processor time. */
  private record Rate(double perSecond, double distributorCpuUs, double workersCpuUs) {}

  @Override
  public Integer call() throws IOException, RoleFailedException, InterruptedException {
    Report report = flags.report();
    atOnce(report, "author-score", flags.quick() ? 300_000 : 800_000);
    atOnce(report, "language,author-score", flags.quick() ? 150_000 : 400_000);
    waiting(report);
    flags.finish(report);
    return 0;
  }

  private void atOnce(Report report, String enrichers, int posts)
      throws IOException, RoleFailedException, InterruptedException {
    try (Roles roles = Roles.withBroker();
        RoleFigures figures = new RoleFigures()) {
      Path file = roles.directory().resolve("posts.json");
      PostLines lines = new PostLines();
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        for (int i = 0; i < posts; i++) {
          lines.clear();
          lines.add(i, System.currentTimeMillis());
          out.write(lines.buffer(), 0, lines.length());
        }
      }
      publish(roles, file, "gnip");
      Rate rate = measure(roles, figures, enrichers, 1, "at-once", posts);
      String name = "enrich-" + enrichers.replace(',', '+');
      report.add(Row.alone(name, rate.perSecond(), "activities per second"));
      report.add(
          Row.alone(name + "-distributor-cpu", rate.distributorCpuUs(), "CPU us per activity"));
      report.add(Row.alone(name + "-worker-cpu", rate.workersCpuUs(), "CPU us per activity"));
    }
  }

  private void waiting(Report report)
      throws IOException, RoleFailedException, InterruptedException {
    int posts = flags.quick() ? 30_000 : 60_000;
    try (SlowServer server = SlowServer.start(DELAY_MS);
        Roles roles = Roles.withBroker();
        RoleFigures figures = new RoleFigures()) {
      Path file = roles.directory().resolve("urls.json");
      List<String> lines = new ArrayList<>();
      long now = System.currentTimeMillis() / 1000;
      for (int i = 1; i <= posts; i++) {
        lines.add(
            ("{\"publisher\":\"bench\",\"verb\":\"VERB_POST\",\"post_id\":\"%d\",\"author_id\":\"%d\","
                    + "\"created_at\":\"%d\",\"text\":\"look\",\"urls\":[\"%s%d\"]}")
                .formatted(i, 1 + i % 10_000, now, server.url(), i));
      }
      Files.write(file, lines, StandardCharsets.UTF_8);
      publish(roles, file, "ndjson");
      double one = 0;
      for (int workers : WORKERS) {
        Rate rate = measure(roles, figures, "urls", workers, "waiting-" + workers, posts);
        one = one == 0 ? rate.perSecond() : one;
        report.add(
            Row.moreIsBetter(
                "enrich-waiting-" + workers + "-workers",
                rate.perSecond(),
                "activities per second",
                one,
                "one worker"));
      }
      report.fact("delay of the server, ms", DELAY_MS);
      report.fact("requests that a worker does at once", CONCURRENCY);
      report.fact("most that one worker can do a second", CONCURRENCY * 1000 / DELAY_MS);
    }
  }

  private static void publish(Roles roles, Path file, String format)
      throws IOException, RoleFailedException, InterruptedException {
    ChildRole edge =
        roles.start(
            "edge",
            HEAP_MIB,
            "--bootstrap-servers",
            roles.kafka(),
            "--source",
            file.toString(),
            "--format",
            format);
    while (edge.alive()) {
      Thread.sleep(100);
    }
    roles.stop(edge);
  }

  private Rate measure(
      Roles roles, RoleFigures figures, String enrichers, int workers, String group, int posts)
      throws IOException, RoleFailedException, InterruptedException {
    String grpc = Integer.toString(FreePorts.next());
    List<ChildRole> working = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      working.add(
          roles.start(
              "work",
              HEAP_MIB,
              "--distributor",
              "127.0.0.1:" + grpc,
              "--enrichers",
              enrichers,
              "--concurrency",
              Integer.toString(enrichers.equals("urls") ? CONCURRENCY : 256),
              "--url-allow-private",
              "--url-cache-entries",
              "0"));
    }
    // What is asked for is bounded, so that nothing leaves before its enrichment is in.
    ChildRole distributor =
        roles.startReady(
            "distribute",
            HEAP_MIB,
            "--grpc-port",
            grpc,
            "--enrichers",
            enrichers,
            "--group",
            group,
            "--park-ms",
            "10000",
            "--queue-size",
            enrichers.equals("urls") ? "500" : "10000");
    for (ChildRole worker : working) {
      worker.awaitAddress("http");
    }
    Rate rate = rate(figures, distributor, working, posts);
    // The distributor first: without workers it would leave the next run late enrichments.
    roles.stop(distributor);
    for (ChildRole worker : working) {
      roles.stop(worker);
    }
    return rate;
  }

  /** Between the first third of the activities, or ten seconds, and the end of the measuring. */
  private Rate rate(RoleFigures figures, ChildRole distributor, List<ChildRole> workers, int posts)
      throws InterruptedException {
    int warmSeconds = flags.quick() ? 6 : 10;
    int mostSeconds = flags.quick() ? 8 : 15;
    long start = System.nanoTime();
    while (done(figures, distributor, "") < posts / 3.0
        && System.nanoTime() - start < warmSeconds * 1_000_000_000L) {
      Thread.sleep(100);
    }
    long fromNanos = System.nanoTime();
    double from = done(figures, distributor, "\"done\"");
    long distributorCpu = distributor.cpu().toNanos();
    long workersCpu = cpu(workers);
    double to = from;
    long toNanos = fromNanos;
    while (to < posts * 0.95 && toNanos - fromNanos < mostSeconds * 1_000_000_000L) {
      Thread.sleep(100);
      to = done(figures, distributor, "\"done\"");
      toNanos = System.nanoTime();
    }
    double count = to - from;
    double notDone = done(figures, distributor, "") - done(figures, distributor, "\"done\"");
    if (count < 1 || notDone > 0) {
      throw new BenchFailedException(
          "%,.0f enrichments were done and %,.0f not".formatted(count, notDone));
    }
    return new Rate(
        count / ((toNanos - fromNanos) / 1e9),
        (distributor.cpu().toNanos() - distributorCpu) / 1e3 / count,
        (cpu(workers) - workersCpu) / 1e3 / count);
  }

  /** Enrichments of the last enricher, which an activity leaves with. */
  private static double done(RoleFigures figures, ChildRole distributor, String status) {
    figures.read(List.of(distributor));
    return figures.counterOf(
        distributor,
        DONE,
        line ->
            line.contains(status)
                && line.contains("\"fresh\"")
                && (line.contains("author-score") || line.contains("\"urls\"")));
  }

  private static long cpu(List<ChildRole> roles) {
    return roles.stream().mapToLong(role -> role.cpu().toNanos()).sum();
  }
}
