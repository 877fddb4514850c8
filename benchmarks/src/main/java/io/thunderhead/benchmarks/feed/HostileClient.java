package io.thunderhead.benchmarks.feed;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/**
 * A process that does one {@link Hostility} to a port until its standard input ends, and then
 * prints how many steps and connections that were. Arguments: which, and the port.
 */
final class HostileClient {
  private final Hostility hostility;
  private final int port;
  private final LongAdder steps = new LongAdder();
  private final LongAdder connections = new LongAdder();

  private HostileClient(Hostility hostility, int port) {
    this.hostility = hostility;
    this.port = port;
  }

  public static void main(String[] args) throws IOException {
    HostileClient client = new HostileClient(Hostility.valueOf(args[0]), Integer.parseInt(args[1]));
    for (int i = 0; i < client.hostility.connections; i++) {
      Thread.ofVirtual().start(client::attack);
    }
    System.out.println("begun");
    while (System.in.read() >= 0) {
      // Whatever comes is no end.
    }
    System.out.println(client.steps.sum() + " " + client.connections.sum());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private void attack() {
    while (!Thread.currentThread().isInterrupted()) {
      try (RawHttp2 connection = new RawHttp2(port)) {
        connections.increment();
        for (int i = 0; ; i++) {
          hostility.step(connection, i);
          steps.increment();
          pause(i);
        }
      } catch (IOException e) {
        pauseAfterRefusal();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void pause(int i) throws InterruptedException {
    if (hostility.pauseMs > 0 && i >= Hostility.STREAMS) {
      Thread.sleep(hostility.pauseMs);
    }
  }

  /** Not to spin where the server refuses connections at once. */
  @SuppressWarnings("ThreadPriorityCheck") // Fairness is all that is wanted.
  private static void pauseAfterRefusal() {
    Thread.yield();
  }
}
