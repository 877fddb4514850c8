package io.thunderhead.broker;

import io.thunderhead.broker.BrokerNode.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * One Apache Kafka node, broker and KRaft controller in one, on a directory of its own. It is the
 * real thing with production classes, but a single node: what it acknowledges is as safe as the one
 * disk under it.
 *
 * <p>The directory belongs to one broker at a time. A lock is taken before Kafka starts, because a
 * second controller would open the shared metadata log before Kafka's own lock check refuses it.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE_ID = 1;
  private static final int BIND_ATTEMPTS = 5;

  private final BrokerNode node;

  private EmbeddedBroker(BrokerNode node) {
    this.node = node;
  }

  /** Starts on 127.0.0.1 with Kafka's defaults; see {@link #start(Path, String, int, Map)}. */
  public static EmbeddedBroker start(Path dataDir, int port) throws IOException {
    return start(dataDir, "127.0.0.1", port, Map.of());
  }

  /**
   * Formats the directory if it is new, starts the node and returns once it takes requests.
   *
   * @param dataDir created if missing; reused with everything in it otherwise
   * @param host the address to bind and to advertise
   * @param port the client port, 0 for any free one
   * @param overrides Kafka broker settings laid over ours
   * @throws IOException if the directory is in use or not writable, or the port is taken
   */
  public static EmbeddedBroker start(
      Path dataDir, String host, int port, Map<String, String> overrides) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int clientPort = port == 0 ? Ports.free(host) : Ports.checkFree(host, port);
      Place place = new Place(NODE_ID, dataDir, host, clientPort, Ports.free(host));
      try {
        String clusterId = Uuid.randomUuid().toString();
        return new EmbeddedBroker(BrokerNode.start(place, clusterId, List.of(place), overrides));
      } catch (BrokerNode.StartFailedException e) {
        // Between the probe and Kafka's own bind another process can take a free port.
        if (port != 0 || attempt == BIND_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** {@code host:port}, as clients want it. */
  public String bootstrapServers() {
    return node.address();
  }

  public Path dataDir() {
    return node.dataDir();
  }

  /** Stops the node; what was acknowledged is on disk. Safe to call twice. */
  @Override
  public void close() {
    node.close();
  }
}
