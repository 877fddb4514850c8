package io.thunderhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.cli.CommandLineRun;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One command in this JVM, with a standard output of its own; ended as by a signal. */
public record CommandRun(
    ByteArrayOutputStream out, StopRequest stopRequest, CompletableFuture<Integer> exit)
    implements AutoCloseable {

  /** Starts a command without waiting for anything. */
  public static CommandRun start(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StopRequest stop = new StopRequest();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("run-" + args[0])
        .start(() ->
            exit.complete(new CommandLineRun(Map.of(), stop, print, System.err).execute(args)));
    return new CommandRun(out, stop, exit);
  }

  /** Waits for something on standard output. */
  public Matcher await(Pattern pattern) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> exit.isDone() || pattern.matcher(output()).find());
    Matcher matcher = pattern.matcher(output());
    assertThat(matcher.find()).as("%s in: %s", pattern, output()).isTrue();
    return matcher;
  }

  /** Waits for the READY line and gives one of its addresses. */
  public String awaitAddress(String key) {
    return await(Pattern.compile("^READY .*\\b" + key + "=(\\S+)", Pattern.MULTILINE)).group(1);
  }

  public void stop() {
    stopRequest.request();
  }

  public int exitCode() {
    return exit.join();
  }

  public String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    stop();
    exit.join();
  }
}
