package io.thunderhead.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One node of Kafka, broker and controller in one, from its lock on the directory to its stop. */
final class BrokerNode implements AutoCloseable {
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);
  private static final int MOST_COPIES = 3;

  private final Place place;
  private final FileChannel lock;
  private final KafkaRaftServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Who a node is and where it listens. */
  record Place(int id, Path dataDir, String host, int port, int controllerPort) {
    private String voter() {
      return id + "@" + host + ":" + controllerPort;
    }
  }

  /** Kafka did not start; with other ports it might. */
  static final class StartFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    StartFailedException(Throwable cause) {
      super("the broker did not start: " + cause.getMessage(), cause);
    }
  }

  private BrokerNode(Place place, FileChannel lock, KafkaRaftServer server) {
    this.place = place;
    this.lock = lock;
    this.server = server;
  }

  /**
   * Starts a node and returns once it takes requests, for which most of the nodes must be there.
   *
   * @param clusterId written to a directory that is new
   * @param all every node of its cluster, itself among them
   * @param overrides Kafka's settings laid over ours
   */
  static BrokerNode start(
      Place place, String clusterId, List<Place> all, Map<String, String> overrides)
      throws IOException {
    Files.createDirectories(place.dataDir());
    FileChannel lock = lock(place.dataDir());
    try {
      format(place, clusterId);
      return new BrokerNode(place, lock, startServer(settings(place, all, overrides)));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  String address() {
    return place.host() + ":" + place.port();
  }

  Path dataDir() {
    return place.dataDir();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    shutdown(server);
    try {
      lock.close();
    } catch (IOException e) {
      LoggerFactory.getLogger(EmbeddedBroker.class)
          .warn("The lock on {} could not be released: {}", dataDir(), e.getMessage());
    }
  }

  private static KafkaRaftServer startServer(Map<String, String> settings)
      throws StartFailedException {
    try {
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      try {
        server.startup();
        return server;
      } catch (RuntimeException e) {
        // A failed start leaves the controller's threads running; they hold ports and files.
        shutdown(server);
        throw e;
      }
    } catch (RuntimeException e) {
      throw new StartFailedException(e);
    }
  }

  /** Kafka's shutdown can wait for a controller that is gone already, so it gets a limit. */
  private static void shutdown(KafkaRaftServer server) {
    Thread stopper = Thread.ofPlatform().daemon().name("broker-stop").start(server::shutdown);
    try {
      if (!stopper.join(SHUTDOWN_LIMIT)) {
        LoggerFactory.getLogger(EmbeddedBroker.class)
            .warn("The broker did not stop within {} s", SHUTDOWN_LIMIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> settings(
      Place place, List<Place> all, Map<String, String> overrides) {
    String client = "CLIENT://" + place.host() + ":" + place.port();
    int copies = Math.min(MOST_COPIES, all.size());
    String copied = Integer.toString(copies);
    String inSync = Integer.toString(Math.max(1, copies - 1));
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", Integer.toString(place.id()));
    settings.put("process.roles", "broker,controller");
    settings.put("log.dirs", place.dataDir().toString());
    settings.put(
        "listeners", client + ",CONTROLLER://" + place.host() + ":" + place.controllerPort());
    settings.put("advertised.listeners", client);
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "controller.quorum.voters",
        all.stream().map(Place::voter).collect(Collectors.joining(",")));
    // As many copies of internal topics as there are nodes for; a few partitions are plenty.
    settings.put("offsets.topic.replication.factor", copied);
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", copied);
    settings.put("transaction.state.log.min.isr", inSync);
    settings.put("transaction.state.log.num.partitions", "2");
    settings.put("share.coordinator.state.topic.replication.factor", copied);
    settings.put("share.coordinator.state.topic.min.isr", inSync);
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("auto.create.topics.enable", "false");
    // After kill -9 the node's old session must end before it is let in again.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    settings.putAll(overrides);
    return settings;
  }

  private static void format(Place place, String clusterId) throws IOException {
    if (Files.exists(place.dataDir().resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
          .setClusterId(clusterId)
          .setNodeId(place.id())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(place.dataDir().toString())
          .setDirectories(List.of(place.dataDir().toString()))
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format " + place.dataDir() + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path dataDir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dataDir.resolve("thunderhead.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another broker runs on " + dataDir);
    }
    return channel;
  }
}
