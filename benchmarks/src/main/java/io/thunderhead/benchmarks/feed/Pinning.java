package io.thunderhead.benchmarks.feed;

import io.thunderhead.benchmarks.report.BenchFailedException;
import java.io.IOException;
import java.util.List;

/** Keeps a process on one processor, so that server and callers don't take each other's time. */
final class Pinning {
  private Pinning() {}

  /** What a command is to be run by. */
  static List<String> by(int processor) {
    return List.of("taskset", "-c", Integer.toString(processor));
  }

  /** Moves this process with all of its threads. */
  static void move(int processor) throws InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      Process taskset =
          new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(processor), pid)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (taskset.waitFor() != 0) {
        throw new BenchFailedException("taskset can't use processor " + processor);
      }
    } catch (IOException e) {
      throw new BenchFailedException("this needs taskset (util-linux) and two processors");
    }
  }
}
