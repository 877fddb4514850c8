package io.thunderhead.broker;

import io.thunderhead.broker.BrokerNode.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Several Kafka nodes in one process, each broker and voter, for tests and measurements of what
 * depends on the number of brokers. They share a machine, so it is no safer than a single one.
 */
public final class EmbeddedCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final List<BrokerNode> nodes;

  private EmbeddedCluster(List<BrokerNode> nodes) {
    this.nodes = nodes;
  }

  /**
   * Starts the nodes on free ports, with ids from 1, and returns once all take requests.
   *
   * @param dataDir gets a directory for each node; empty or missing
   * @param overrides Kafka's settings laid over ours, the same for each
   */
  public static EmbeddedCluster start(Path dataDir, int nodes, Map<String, String> overrides)
      throws IOException, InterruptedException {
    List<Place> places = new ArrayList<>();
    for (int id = 1; id <= nodes; id++) {
      Path own = dataDir.resolve("node-" + id);
      places.add(new Place(id, own, HOST, Ports.free(HOST), Ports.free(HOST)));
    }
    String clusterId = Uuid.randomUuid().toString();
    // None is ready before most of them are there, so they start at the same time.
    List<CompletableFuture<BrokerNode>> starting =
        places.stream().map(place -> start(place, clusterId, places, overrides)).toList();
    List<BrokerNode> started = new ArrayList<>();
    @Nullable IOException failure = null;
    for (CompletableFuture<BrokerNode> one : starting) {
      try {
        started.add(one.get());
      } catch (ExecutionException e) {
        failure = new IOException("a node did not start: " + e.getCause(), e.getCause());
      }
    }
    EmbeddedCluster cluster = new EmbeddedCluster(started);
    if (failure != null) {
      cluster.close();
      throw failure;
    }
    return cluster;
  }

  private static CompletableFuture<BrokerNode> start(
      Place place, String clusterId, List<Place> all, Map<String, String> overrides) {
    CompletableFuture<BrokerNode> outcome = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("broker-start-" + place.id())
        .start(() -> {
          try {
            outcome.complete(BrokerNode.start(place, clusterId, all, overrides));
          } catch (IOException | RuntimeException e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  /** {@code host:port} of every node, as clients want it. */
  public String bootstrapServers() {
    return nodes.stream().map(BrokerNode::address).collect(Collectors.joining(","));
  }

  /** Stops all nodes at the same time: the last alone would wait for its lost majority. */
  @Override
  public void close() {
    List<Thread> stopping =
        nodes.stream()
            .map(node -> Thread.ofPlatform().name("broker-stop").start(node::close))
            .toList();
    for (Thread one : stopping) {
      try {
        one.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
