package io.thunderhead.benchmarks.restart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.benchmarks.report.BenchFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a JVM of its own that says READY; timed from its start to that. */
final class ChildJvm implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final String ready;
  private final double readySeconds;

  private ChildJvm(Process process, String ready, double readySeconds) {
    this.process = process;
    this.ready = ready;
    this.readySeconds = readySeconds;
  }

  /** Starts the program and waits until it says that it is ready. */
  static ChildJvm start(int heapMegabytes, Path log, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    // As the launcher starts a serving node.
    command.addAll(
        List.of(
            "-Xmx" + heapMegabytes + "m",
            "-XX:+UseG1GC",
            "-XX:+UseTransparentHugePages",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder
        .environment()
        .put("THUNDERHEAD_STOP_WITH_PID", Long.toString(ProcessHandle.current().pid()));
    long startNs = System.nanoTime();
    Process process = builder.start();
    // Not closed: with it the program's standard output would end.
    BufferedReader out = process.inputReader(UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("READY ")) {
        return new ChildJvm(process, line, (System.nanoTime() - startNs) / 1e9);
      }
    }
    throw new BenchFailedException(main + " ended before it was ready; see " + log);
  }

  double readySeconds() {
    return readySeconds;
  }

  /** Processor time of the whole process so far, its compilers and collector too. */
  double cpuSeconds() {
    return process.toHandle().info().totalCpuDuration().map(d -> d.toMillis() / 1e3).orElse(0.0);
  }

  String address(String key) {
    Matcher matcher = Pattern.compile("\\b" + key + "=(\\S+)").matcher(ready);
    if (!matcher.find()) {
      throw new BenchFailedException("no " + key + " in " + ready);
    }
    return matcher.group(1);
  }

  /** The sum over all label sets of one metric; 0 without a sample. */
  double metric(String name) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address("http") + "/metrics")).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
