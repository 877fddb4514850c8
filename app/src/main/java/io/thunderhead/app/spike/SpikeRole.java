package io.thunderhead.app.spike;

import io.grpc.StatusRuntimeException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.QueryConfig;
import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.firehose.SyntheticFirehose;
import io.thunderhead.app.http.MetricsText;
import io.thunderhead.app.http.RoleHttpServer;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.lifecycle.TemporaryDirectory;
import io.thunderhead.app.process.RoleFigures;
import io.thunderhead.app.query.FeedClient;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The rehearsal as a person sees it: what the machine can carry, the spike with a live line and the
 * page, the picture, and the account. It fails if the account doesn't come out, whatever the
 * reason; a stop before the end is a failure too, for then nothing is shown.
 */
public final class SpikeRole implements Role {
  private static final int LINES_EVERY = 5;
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

  private final SpikeConfig config;

  public SpikeRole(SpikeConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    Path logs = Files.createDirectories(config.out().resolve("logs"));
    try (Resources resources = new Resources()) {
      Path directory =
          resources.add("temporary directory", TemporaryDirectory.create("spike")).path();
      BendFeed feed = resources.add("live picture", new BendFeed());
      feed.say("measuring what this machine can carry", null, 0);
      ReadyLine ready = openPage(feed, resources);
      SpikeConfig measured = config;
      if (config.scale() == 0) {
        say(out, "  Measuring what this machine can carry…");
        Calibration.Capacity capacity =
            Calibration.measure(config, directory.resolve("calibration"), logs, stop);
        measured = config.withScale(capacity.scale());
        say(
            out,
            "  %,.0f posts a second at the edge while %,.0f left the inside: scale %.2f"
                .formatted(capacity.edge(), capacity.inner(), capacity.scale()));
        for (Path log : List.copyOf(logFiles(logs))) {
          Files.delete(log);
        }
      }
      return stop.requested()
          ? stopped(out)
          : rehearse(measured, directory, feed, ready, stop, out);
    }
  }

  private int rehearse(
      SpikeConfig measured,
      Path directory,
      BendFeed feed,
      ReadyLine ready,
      StopRequest stop,
      PrintStream out)
      throws Exception {
    Bend bend = new Bend(LoadShape.of(measured));
    feed.say("starting the roles", bend, 0);
    Path logs = measured.out().resolve("logs");
    try (Publisher publisher = Publisher.start();
        RolePath path =
            RolePath.start(measured, bend.load().innerLimit(), publisher.url(), directory, logs);
        RoleFigures figures = new RoleFigures()) {
      ready.kafka(path.kafka()).print(out);
      LiveLine line = new LiveLine(out);
      RepeatWindows windows = new RepeatWindows(path.kafka(), RolePath.cursorFile(directory));
      Rehearsal rehearsal =
          new Rehearsal(
              measured,
              path,
              publisher,
              bend,
              figures,
              windows,
              point -> {
                line.show(point);
                feed.say(
                    point.second() < bend.load().seconds() ? "the spike" : "draining",
                    bend,
                    publisher.published());
              });
      feed.say("warming up", bend, 0);
      if (!rehearsal.warmUp(stop) || !rehearsal.run(stop)) {
        return stopped(out);
      }
      line.end();
      feed.say("auditing", bend, publisher.published());
      SpikeLedger ledger =
          SpikeLedger.of(
              path.kafka(),
              path.role("edge").awaitAddress("http"),
              publisher.published(),
              windows,
              (long) figures.counter("thunderhead_edge_resent_total", metric -> true));
      int answered = ask(path);
      new BendPicture(bend, SpikeResult.title(bend, ledger)).write(measured.out());
      SpikeResult result =
          new SpikeResult(
              measured,
              bend,
              ledger,
              rehearsal.mostBehind(),
              answered,
              rehearsal.faults().done(),
              path.stop());
      result.writeJson(measured.out().resolve("spike.json"));
      feed.say("unaccounted: " + ledger.unaccounted(), bend, ledger.published());
      say(out, "");
      result.lines().forEach(each -> say(out, each));
      say(out, "  picture and figures in " + measured.out());
      return ledger.isSound() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private ReadyLine openPage(BendFeed feed, Resources resources)
      throws RoleFailedException, IOException {
    ReadyLine ready = new ReadyLine("spike");
    if (config.http().enabled()) {
      RoleHttpServer server =
          RoleHttpServer.start(
              config.http(),
              Access.open(new PrometheusRegistry()),
              new MetricsText(new PrometheusRegistry()),
              feed,
              Readiness::yes,
              "spike.html");
      ready.http(resources.add("HTTP", server).address());
    }
    return ready;
  }

  /** The end of the line: what a reader gets. */
  private static int ask(RolePath path) throws RoleFailedException, InterruptedException {
    String grpc = path.role("serve").awaitAddress("grpc");
    long author = SyntheticFirehose.FIRST_AUTHOR_ID;
    try (FeedClient client = new FeedClient(grpc, ClientAccess.open())) {
      return client
          .ask(
              FeedClient.request(
                  new QueryConfig(
                      grpc, 0, List.of(author, author + 1), List.of(), false, 100, false)),
              ASK_LIMIT)
          .getPostsCount();
    } catch (StatusRuntimeException e) {
      throw new RoleFailedException("the serving node did not answer: " + e.getStatus(), e);
    }
  }

  private static int stopped(PrintStream out) {
    say(out, "  Stopped before the end: nothing was audited.");
    return ExitCode.FAILED;
  }

  private static List<Path> logFiles(Path logs) throws IOException {
    try (var files = Files.list(logs)) {
      return files.filter(file -> file.toString().endsWith(".log")).toList();
    }
  }

  private static void say(PrintStream out, String line) {
    out.println(line);
    out.flush();
  }

  /** One line that is drawn over itself on a terminal, and a line every few seconds elsewhere. */
  private static final class LiveLine {
    private final PrintStream out;
    private final boolean terminal =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    private int shown;

    LiveLine(PrintStream out) {
      this.out = out;
    }

    void show(Bend.Point point) {
      String text =
          "  %4.0f s   %,9.0f posts/s at the edge   %,9.0f inside   %,10.0f waiting"
              .formatted(point.second(), point.edge(), point.inner(), point.backlog());
      if (terminal) {
        out.print(CLEAR_LINE + text);
        out.flush();
      } else if (shown++ % LINES_EVERY == 0) {
        say(out, text);
      }
    }

    void end() {
      if (terminal) {
        out.println();
      }
    }
  }
}
