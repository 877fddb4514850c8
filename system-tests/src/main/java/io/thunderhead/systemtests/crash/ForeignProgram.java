package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of the Node.js programs under {@code clients/crash}, which answers with lines of JSON. */
final class ForeignProgram implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LINES = 10_000;

  private final String name;
  private final Process process;
  private final Writer commands;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>(MAX_LINES);
  private volatile @Nullable JsonNode latest;

  private ForeignProgram(String name, Process process) {
    this.name = name;
    this.process = process;
    this.commands = process.outputWriter();
    Thread.ofVirtual().name(name).start(this::read);
  }

  static ForeignProgram start(Path clients, Path logs, String program, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("node", "crash/" + program));
    command.addAll(Arrays.asList(flags));
    Process process =
        new ProcessBuilder(command)
            .directory(clients.toFile())
            .redirectError(
                ProcessBuilder.Redirect.appendTo(logs.resolve(program + ".log").toFile()))
            .start();
    return new ForeignProgram(program, process);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode answer = JSON.readTree(line);
        latest = answer;
        if (answer.has("done") || answer.has("breaches")) {
          answers.put(answer);
        }
      }
    } catch (IOException e) {
      // It has ended; whoever waits for an answer is told so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last line that it printed, of whatever kind. */
  @Nullable JsonNode latest() {
    return latest;
  }

  /** Sends a command and waits for its answer. */
  JsonNode ask(String command, Duration limit) throws IOException, InterruptedException {
    commands.write(command + "\n");
    commands.flush();
    return answer(limit);
  }

  /** Waits for the next answer. */
  JsonNode answer(Duration limit) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < limit.toNanos()) {
      JsonNode answer = answers.poll(200, TimeUnit.MILLISECONDS);
      if (answer != null) {
        return answer;
      }
      if (!process.isAlive() && answers.isEmpty()) {
        throw new IOException(name + " has ended with " + process.exitValue());
      }
    }
    throw new IOException(name + " gave no answer within " + limit.toSeconds() + " s");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
