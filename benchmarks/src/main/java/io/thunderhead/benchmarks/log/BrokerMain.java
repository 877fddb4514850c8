package io.thunderhead.benchmarks.log;

import io.thunderhead.broker.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The brokers of a run, in a process of their own. Started as {@code BrokerMain DIRECTORY NODES};
 * prints where clients find them, and ends when its standard input does.
 */
final class BrokerMain {
  static final String READY = "READY ";

  private BrokerMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> large = Map.of("log.segment.bytes", Integer.toString(256 << 20));
    try (EmbeddedCluster brokers =
        EmbeddedCluster.start(Path.of(args[0]), Integer.parseInt(args[1]), large)) {
      System.out.println(READY + brokers.bootstrapServers());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Nobody writes; the end is what counts.
      }
    }
    Runtime.getRuntime().halt(0);
  }
}
