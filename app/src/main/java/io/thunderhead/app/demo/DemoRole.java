package io.thunderhead.app.demo;

import io.grpc.StatusRuntimeException;
import io.thunderhead.app.config.DemoConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.query.AnswerTable;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The demo as a person sees it: starts everything, shows how it goes, and ends with the ledger. It
 * fails if the ledger doesn't add up, whatever the reason.
 */
public final class DemoRole implements Role {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);
  private static final long SAMPLE_AFTER_EVENTS = 2_000;
  private static final int SAMPLE_POSTS = 5;

  private final DemoConfig config;

  public DemoRole(DemoConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    DemoScreen screen = new DemoScreen(out, isTerminal());
    try (Resources resources = new Resources()) {
      DemoNode demo = DemoNode.start(config, resources);
      if (!demo.awaitReady(stop)) {
        return ExitCode.DONE;
      }
      screen.banner(demo.http(), demo.grpc(), demo.kafka(), demo.busiestAuthor());
      screen.say("");
      ReadyLine ready = new ReadyLine("demo").grpc(demo.grpc());
      if (!demo.http().isEmpty()) {
        ready.http(demo.http());
      }
      ready.kafka(demo.kafka()).print(out);
      Thread generator = demo.startGenerator(stop);
      boolean sampled = false;
      while (!stop.await(TICK) && generator.isAlive()) {
        screen.live(demo.figures());
        if (!sampled && demo.applied() >= SAMPLE_AFTER_EVENTS) {
          sampled = true;
          sample(demo, screen);
        }
      }
      generator.join();
      screen.say("", "  Stopped; waiting for what is under way…");
      boolean drained = demo.drain(DRAIN_LIMIT);
      return close(demo.ledger(), drained, demo, screen);
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static int close(Ledger ledger, boolean drained, DemoNode demo, DemoScreen screen)
      throws InterruptedException {
    List<String> disagreements = ledger.disagreements();
    screen.say("", "  What became of every event:", "");
    screen.say(ledger.lines());
    screen.say(
        "",
        "  %,d posts held, %,d queries answered, %,d refused"
            .formatted(demo.posts(), demo.queriesAnswered(), demo.queriesRefused()));
    if (!drained) {
      screen.say("", "  Not drained within " + DRAIN_LIMIT.toSeconds() + " s.");
    }
    if (disagreements.isEmpty()) {
      screen.say("", "  It adds up: every event is accounted for.", "");
      return ExitCode.DONE;
    }
    screen.say("", "  It does NOT add up:");
    disagreements.forEach(line -> screen.say("  - " + line));
    screen.say("");
    return ExitCode.FAILED;
  }

  private static void sample(DemoNode demo, DemoScreen screen) {
    try {
      GetInNetworkPostsResponse answer = demo.sample(SAMPLE_POSTS);
      screen.say("", "  The newest by three authors, as ./thunderhead query shows them:", "");
      AnswerTable.lines(answer, System.currentTimeMillis(), SAMPLE_POSTS)
          .forEach(line -> screen.say("    " + line));
      screen.say("");
    } catch (StatusRuntimeException e) {
      screen.say("  The sample query was refused: " + e.getStatus());
    }
  }
}
