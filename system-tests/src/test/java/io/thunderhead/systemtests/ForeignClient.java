package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A run of one of the Node.js programs under {@code clients/}, which share no code with us. Its
 * last line of standard output is one JSON object.
 */
final class ForeignClient implements AutoCloseable {
  private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path out;
  private final Path err;

  private ForeignClient(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static ForeignClient start(Path logDir, String program, String... flags) throws IOException {
    Path out = Files.createTempFile(logDir, program + "-", ".out");
    Path err = Path.of(out.toString().replace(".out", ".err"));
    List<String> command = new ArrayList<>(List.of("node", program));
    command.addAll(Arrays.asList(flags));
    Process process =
        new ProcessBuilder(command)
            .directory(CLIENTS.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new ForeignClient(process, out, err);
  }

  /** Runs to the end and returns what it printed last. */
  static JsonNode run(Path logDir, String program, String... flags)
      throws IOException, InterruptedException {
    try (ForeignClient client = start(logDir, program, flags)) {
      return client.result(Duration.ofMinutes(2));
    }
  }

  JsonNode result(Duration limit) throws IOException, InterruptedException {
    assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return JSON.readTree(Files.readString(out).lines().reduce("", (before, line) -> line));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
