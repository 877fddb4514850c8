package io.thunderhead.benchmarks.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.benchmarks.report.BenchFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.ArrayList;
import java.util.List;

/** A {@link BenchServer} in a JVM of its own, with the flags of this one. */
final class ServerProcess implements AutoCloseable {
  private static final String MEMORY = "-Xmx2g";

  private final ServerKind kind;
  private final Process process;
  private int port;

  private ServerProcess(ServerKind kind, Process process) {
    this.kind = kind;
    this.process = process;
  }

  /** Starts it; {@link #await} waits until it listens. */
  static ServerProcess start(ServerKind kind, int posts, int answerBytes) {
    return start(kind, List.of(), posts, answerBytes);
  }

  /**
   * The same, run by another command such as taskset.
   *
   * @param more further arguments of {@link BenchServer}
   */
  static ServerProcess start(
      ServerKind kind, List<String> by, int posts, int answerBytes, String... more) {
    RuntimeMXBean self = ManagementFactory.getRuntimeMXBean();
    List<String> command = new ArrayList<>(by);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(self.getInputArguments());
    command.addAll(List.of(MEMORY, "-cp", self.getClassPath(), BenchServer.class.getName()));
    command.addAll(List.of(kind.name(), Integer.toString(posts), Integer.toString(answerBytes)));
    command.addAll(List.of(more));
    try {
      return new ServerProcess(
          kind, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ServerKind kind() {
    return kind;
  }

  void await() {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      String line = out.readLine();
      if (line == null) {
        throw new BenchFailedException("the server \"" + kind + "\" did not start");
      }
      port = Integer.parseInt(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** Processor time of the whole process, its compilers and collector too. */
  long cpuNs() {
    return process
        .toHandle()
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new BenchFailedException("this system tells no CPU time of a process"))
        .toNanos();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
