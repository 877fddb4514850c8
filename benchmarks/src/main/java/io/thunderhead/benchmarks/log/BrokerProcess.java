package io.thunderhead.benchmarks.log;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.log.ClientSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brokers in a process of their own, so that the CPU time of this one is the clients' alone. */
final class BrokerProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final Path directory;
  private final ClientSettings client;

  private BrokerProcess(Process process, Path directory, String bootstrapServers) {
    this.process = process;
    this.directory = directory;
    this.client = ClientSettings.of(bootstrapServers);
  }

  static BrokerProcess start(int nodes) throws IOException {
    Path directory = Files.createTempDirectory("thunderhead-bench");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseG1GC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.toString(),
                Integer.toString(nodes))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    while (line != null && !line.startsWith(BrokerMain.READY)) {
      line = lines.readLine();
    }
    if (line == null) {
      process.destroy();
      throw new BenchFailedException("the brokers did not become ready");
    }
    return new BrokerProcess(process, directory, line.substring(BrokerMain.READY.length()));
  }

  ClientSettings client() {
    return client;
  }

  /** What the brokers have used so far. */
  long cpuNs() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      deleteTree();
    } catch (IOException e) {
      throw new BenchFailedException("cannot delete " + directory + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deleteTree() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
