package io.thunderhead.app.process;

import io.thunderhead.app.lifecycle.RoleFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A role as a process of its own: the same Java and the same class path as ours, its log in a file.
 * It never outlives us, for it watches our process.
 */
public final class ChildRole implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final String MAIN = "io.thunderhead.app.Thunderhead";

  private final String name;
  private final List<String> command;
  private final Path log;
  private Process process;
  private CompletableFuture<String> ready;
  private int starts;

  private ChildRole(String name, List<String> command, Path log) throws IOException {
    this.name = name;
    this.command = command;
    this.log = log;
    this.ready = new CompletableFuture<>();
    this.process = launch();
  }

  /** Starts a role and doesn't wait for it. */
  public static ChildRole start(String name, int heapMegabytes, Path logs, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx" + heapMegabytes + "m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            MAIN));
    command.addAll(arguments);
    return new ChildRole(name, command, logs.resolve(name + ".log"));
  }

  public String name() {
    return name;
  }

  public Path log() {
    return log;
  }

  /** Waits for the READY line and gives one of its addresses, empty if the line has none. */
  public String awaitAddress(String key) throws RoleFailedException, InterruptedException {
    try {
      String line = ready.get(READY_LIMIT.toSeconds(), TimeUnit.SECONDS);
      Matcher address = Pattern.compile("\\b" + key + "=(\\S+)").matcher(line);
      return address.find() ? address.group(1) : "";
    } catch (ExecutionException e) {
      throw new RoleFailedException(name + " ended before it was ready: see " + log, e);
    } catch (TimeoutException e) {
      throw new RoleFailedException(
          "%s was not ready within %d s: see %s".formatted(name, READY_LIMIT.toSeconds(), log), e);
    }
  }

  /** The address behind http= once it is known, else empty. */
  public Optional<String> http() {
    if (!ready.isDone() || ready.isCompletedExceptionally()) {
      return Optional.empty();
    }
    Matcher address = Pattern.compile("\\bhttp=(\\S+)").matcher(ready.join());
    return address.find() ? Optional.of(address.group(1)) : Optional.empty();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Processor time that it has used, its compilers and collector too; zero if nobody knows. */
  public Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** kill -9, and the same role again. */
  public void killAndStart() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    ready = new CompletableFuture<>();
    process = launch();
  }

  /** SIGSTOP or SIGCONT. */
  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** SIGTERM, and the exit code; -1 if it had to be killed. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      return process.exitValue();
    }
    process.destroyForcibly();
    return -1;
  }

  /** Lines of the log that a person should act on. */
  public List<String> warnings() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(ChildRole::isWarning).toList();
    }
  }

  private static boolean isWarning(String line) {
    return line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat ");
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() throws IOException {
    starts++;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .put("THUNDERHEAD_STOP_WITH_PID", Long.toString(ProcessHandle.current().pid()));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process started = builder.start();
    CompletableFuture<String> line = ready;
    Thread.ofVirtual().name(name + "-output-" + starts).start(() -> watch(started, line));
    return started;
  }

  private static void watch(Process started, CompletableFuture<String> ready) {
    try (BufferedReader out = started.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("READY ")) {
          ready.complete(line);
        }
      }
    } catch (IOException e) {
      // The process is gone; the next line says so to whoever waits.
    }
    ready.completeExceptionally(new IOException("ended"));
  }
}
