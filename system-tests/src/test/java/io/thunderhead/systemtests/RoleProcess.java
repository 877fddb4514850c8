package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * One role as a process of its own, started through {@code ./thunderhead} as a user would. Its
 * standard output and error go to files, so that what it said survives however it ends.
 */
final class RoleProcess implements AutoCloseable {
  /** Of signal 2. */
  private static final long SIGINT_BIT = 1 << 1;

  private static final Duration READY_LIMIT = Duration.ofSeconds(90);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path ROOT = Path.of(System.getProperty("thunderhead.root", ".."));

  private final String role;
  private final Process process;
  private final Path out;
  private final Path err;

  private RoleProcess(String role, Process process, Path out, Path err) {
    this.role = role;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code ./thunderhead role flags…} without waiting for anything. */
  static RoleProcess start(Path logDir, String role, String... flags) throws IOException {
    return start(logDir, List.of(), role, flags);
  }

  /** The same, with a limit on the size of any file that it writes. */
  static RoleProcess startWithFileLimit(Path logDir, int bytes, String role, String... flags)
      throws IOException {
    String limited = "ulimit -f %d; exec \"$@\"".formatted(bytes / 1024);
    return start(logDir, List.of("bash", "-c", limited, "bash"), role, flags);
  }

  private static RoleProcess start(Path logDir, List<String> through, String role, String... flags)
      throws IOException {
    Path out = Files.createTempFile(logDir, role + "-", ".out");
    Path err = Path.of(out.toString().replace(".out", ".err"));
    List<String> command = new ArrayList<>(through);
    command.addAll(List.of(ROOT.resolve("thunderhead").toString(), role));
    command.addAll(Arrays.asList(flags));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("THUNDERHEAD_JAVA_OPTS", "-Xmx512m");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new RoleProcess(role, process, out, err);
  }

  String name() {
    return role;
  }

  /** Waits for the line {@code READY role …} and returns this. */
  RoleProcess awaitReady() {
    Awaitility.await(role + " is ready")
        .atMost(READY_LIMIT)
        .until(() -> {
          assertThat(process.isAlive()).as("%s ended: %s", role, errors()).isTrue();
          return output().contains("READY " + role);
        });
    return this;
  }

  /** The address behind {@code key=} on the READY line, such as {@code grpc}. */
  String address(String key) {
    var matcher = Pattern.compile("READY .*\\b" + key + "=(\\S+)").matcher(output());
    assertThat(matcher.find()).as("%s= on the READY line of %s", key, role).isTrue();
    return matcher.group(1);
  }

  /** The answer of this role's HTTP server to GET {@code path}. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(address("http"), path);
  }

  /** The same while it is not ready yet, on a port that it was told. */
  HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return get("127.0.0.1:" + port, path);
  }

  private static HttpResponse<String> get(String address, String path)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The sum over all label sets of one metric, 0 when it has no sample. */
  double metric(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The processes that it has started and that live. */
  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Whether Ctrl-C can reach a process at all: what a shell without a terminal starts in its
   * background has it ignored, and all children with it.
   */
  static boolean hearsInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return true;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .map(line -> line.substring("SigIgn:".length()).strip())
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) == 0;
  }

  /** What Ctrl-C does in a terminal: SIGINT to it and to all that it has started. */
  void interrupt() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-INT", Long.toString(process.pid())));
    children().forEach(child -> command.add(Long.toString(child.pid())));
    new ProcessBuilder(command).start().waitFor();
  }

  /** SIGTERM, without waiting for anything. */
  void terminate() {
    process.destroy();
  }

  /** SIGTERM, and the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("%s stops in time", role).isTrue();
    return process.exitValue();
  }

  int awaitExit(Duration limit) throws InterruptedException {
    assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
        .as("%s ends by itself", role)
        .isTrue();
    return process.exitValue();
  }

  String output() {
    return read(out);
  }

  String errors() {
    return read(err);
  }

  /** A normal run logs nothing that a person would have to act on. */
  void assertQuiet() {
    assertThat(errors().lines())
        .as("log of %s", role)
        .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"))
        .noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
