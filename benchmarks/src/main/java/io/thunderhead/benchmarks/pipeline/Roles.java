package io.thunderhead.benchmarks.pipeline;

import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.process.ChildRole;
import io.thunderhead.app.process.FreePorts;
import io.thunderhead.benchmarks.report.BenchFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A broker and the roles that are measured on it, each a process, in a directory of their own. */
final class Roles implements AutoCloseable {
  private static final int BROKER_HEAP_MIB = 1024;

  private final Path directory;
  private final List<ChildRole> running = new ArrayList<>();
  private final ChildRole broker;
  private final String kafka;

  private Roles(Path directory) throws IOException, RoleFailedException, InterruptedException {
    this.directory = directory;
    kafka = "127.0.0.1:" + FreePorts.next();
    broker =
        start(
            "broker",
            BROKER_HEAP_MIB,
            "--port",
            kafka.substring(kafka.indexOf(':') + 1),
            "--data-dir",
            directory.resolve("kafka").toString());
    broker.awaitAddress("kafka");
  }

  static Roles withBroker() throws IOException, RoleFailedException, InterruptedException {
    return new Roles(Files.createTempDirectory("thunderhead-bench-"));
  }

  String kafka() {
    return kafka;
  }

  ChildRole broker() {
    return broker;
  }

  Path directory() {
    return directory;
  }

  /** Starts a role and doesn't wait for it. */
  ChildRole start(String role, int heapMegabytes, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(role));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("--http-port", "0"));
    ChildRole started =
        ChildRole.start(role + "-" + running.size(), heapMegabytes, directory, arguments);
    running.add(started);
    return started;
  }

  /** Starts a role on the broker, and waits until it is ready. */
  ChildRole startReady(String role, int heapMegabytes, String... flags)
      throws IOException, RoleFailedException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--bootstrap-servers", kafka));
    all.addAll(List.of(flags));
    ChildRole started = start(role, heapMegabytes, all.toArray(String[]::new));
    started.awaitAddress("http");
    return started;
  }

  void stop(ChildRole role) throws InterruptedException {
    running.remove(role);
    int exit = role.stop();
    if (exit != 0) {
      throw new BenchFailedException(role.name() + " ended with " + exit + ": see " + role.log());
    }
  }

  /** Stops all, the last one first, and removes what they wrote. */
  @Override
  public void close() throws IOException {
    running.reversed().forEach(ChildRole::close);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
