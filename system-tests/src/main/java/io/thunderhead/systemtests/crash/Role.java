package io.thunderhead.systemtests.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A role of ours, which may be a process right now: started as a user would, killed, stopped and
 * started again with the same flags. All lives of it log into one file. Used by one thread.
 */
final class Role {
  private static final Duration READY_LIMIT = Duration.ofMinutes(4);
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(45);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final Path output;
  private @Nullable Process process;

  Role(String name, List<String> command, Map<String, String> environment, Path directory) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = directory.resolve(name + ".log");
    this.output = directory.resolve(name + ".out");
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  long pid() {
    return running().pid();
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  void start() throws IOException {
    start(Map.of());
  }

  /** Starts it without waiting for anything. */
  void start(Map<String, String> more) throws IOException {
    Files.deleteIfExists(output);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    process =
        builder
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** Waits for its READY line. */
  void awaitReady() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!Files.readString(output).contains("READY ")) {
      if (!alive() || System.nanoTime() - start > READY_LIMIT.toNanos()) {
        throw new IOException(name + (alive() ? " is not ready" : " has ended") + ": see " + log);
      }
      Thread.sleep(50);
    }
  }

  /**
   * Waits until it has said something more than {@code before} bytes: it is past the JVM's start.
   */
  void awaitFirstWord(long before) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (Files.size(log) <= before) {
      if (!alive() || System.nanoTime() - start > READY_LIMIT.toNanos()) {
        throw new IOException(name + " says nothing: see " + log);
      }
      Thread.sleep(20);
    }
  }

  void kill() throws InterruptedException {
    running().destroyForcibly().waitFor();
  }

  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  /** SIGTERM, and how it ended: its exit code, or -1 if it had to be killed. */
  int stop() throws InterruptedException {
    running().destroy();
    return awaitExit();
  }

  int awaitExit() throws InterruptedException {
    if (running().waitFor(EXIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return running().exitValue();
    }
    kill();
    return -1;
  }

  boolean isReady() {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The sum over all label sets of one metric; NaN if it can't be had. */
  double metric(String metric) {
    try {
      return get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    Matcher ready = Pattern.compile("READY .*\\bhttp=(\\S+)").matcher(Files.readString(output));
    if (!ready.find()) {
      throw new IOException(name + " is not ready");
    }
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://" + ready.group(1) + path))
              .timeout(Duration.ofSeconds(2))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What the kernel says of the process. */
  Usage usage() {
    Path proc = Path.of("/proc", Long.toString(pid()));
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      List<String> status = Files.readAllLines(proc.resolve("status"));
      return new Usage(
          field(status, "Threads:"), (int) files.count(), field(status, "VmRSS:") / 1024);
    } catch (IOException e) {
      return Usage.NONE;
    }
  }

  private static int field(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  /** What a process holds. */
  record Usage(int threads, int files, int megabytes) {
    static final Usage NONE = new Usage(0, 0, 0);
  }

  /** A command line of {@code ./thunderhead}. */
  static List<String> thunderhead(Path root, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("thunderhead").toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
