package io.thunderhead.app.demo;

import io.thunderhead.app.metrics.Figure;
import io.thunderhead.app.metrics.LiveFigures;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * What the demo shows on standard output. On a terminal the live line is drawn over itself each
 * second; elsewhere it is a line every five seconds. Used by one thread.
 */
final class DemoScreen {
  private static final int LINES_EVERY = 5;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private int ticks;
  private boolean lineOpen;

  DemoScreen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void say(String... lines) {
    say(List.of(lines));
  }

  void say(List<String> lines) {
    closeLine();
    lines.forEach(out::println);
    out.flush();
  }

  void banner(String http, String grpc, String kafka, long author) {
    say(
        "",
        "  Thunderhead: a firehose through Kafka into memory, and out over gRPC",
        "",
        "  page     http://" + http + "/",
        "  gRPC     " + grpc + "   thunderhead.v1.InNetworkPostsService, health, reflection",
        "  Kafka    " + kafka + "   topics tweet_events, in_network_events",
        "",
        "  ask      ./thunderhead query --addr %s --following %d,%d,%d --max 5"
            .formatted(grpc, author, author + 1, author + 2),
        "  publish  echo '{\"verb\":\"VERB_POST\",\"publisher\":\"me\",\"post_id\":\"42\","
            + "\"author_id\":\"7\",\"created_at\":\"1\"}' > post.ndjson",
        "           ./thunderhead replay-file post.ndjson --bootstrap-servers " + kafka,
        "           ./thunderhead query --addr " + grpc + " --following 7",
        "");
  }

  /** Called once a second. */
  void live(LiveFigures.Event figures) {
    String text =
        "%s events/s in, %s applied   lag %s   %s posts held   %s queries/s   p99 %s ms"
            .formatted(
                count(figures.value(Figure.GENERATED_PER_SECOND)),
                count(figures.value(Figure.APPLIED_PER_SECOND)),
                count(figures.value(Figure.TRANSFORM_LAG) + figures.value(Figure.SERVE_LAG)),
                count(figures.value(Figure.POSTS)),
                count(figures.value(Figure.REQUESTS_PER_SECOND)),
                millis(figures.value(Figure.REQUEST_P99_SECONDS)));
    if (terminal) {
      out.print(CLEAR_LINE + "  " + text);
      out.flush();
      lineOpen = true;
    } else if (ticks++ % LINES_EVERY == 0) {
      say("  " + text);
    }
  }

  private void closeLine() {
    if (lineOpen) {
      out.println();
      lineOpen = false;
    }
  }

  private static String count(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String millis(double seconds) {
    return Double.isNaN(seconds) ? "–" : String.format(Locale.ROOT, "%.2f", seconds * 1000);
  }
}
