package io.thunderhead.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

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
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);
  private static final int BIND_ATTEMPTS = 5;

  private final Path dataDir;
  private final FileChannel lockChannel;
  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(
      Path dataDir, FileChannel lockChannel, KafkaRaftServer server, String bootstrapServers) {
    this.dataDir = dataDir;
    this.lockChannel = lockChannel;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
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
    Files.createDirectories(dataDir);
    FileChannel lock = lock(dataDir);
    try {
      format(dataDir);
      for (int attempt = 1; ; attempt++) {
        int clientPort = port == 0 ? freePort(host) : checkFree(host, port);
        try {
          KafkaRaftServer server = startServer(dataDir, host, clientPort, overrides);
          return new EmbeddedBroker(dataDir, lock, server, host + ":" + clientPort);
        } catch (RuntimeException e) {
          // Between the probe and Kafka's own bind another process can take a free port.
          if (port != 0 || attempt == BIND_ATTEMPTS) {
            throw new IOException("the broker did not start: " + e.getMessage(), e);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** {@code host:port}, as clients want it. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  public Path dataDir() {
    return dataDir;
  }

  /** Stops the node; what was acknowledged is on disk. Safe to call twice. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    shutdown(server);
    try {
      lockChannel.close();
    } catch (IOException e) {
      LoggerFactory.getLogger(EmbeddedBroker.class)
          .warn("The lock on {} could not be released: {}", dataDir, e.getMessage());
    }
  }

  private static KafkaRaftServer startServer(
      Path dataDir, String host, int port, Map<String, String> overrides) throws IOException {
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(settings(dataDir, host, port, freePort(host), overrides), false),
            Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      // A failed start leaves the controller's threads running; they hold ports and files.
      shutdown(server);
      throw e;
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
      Path dataDir, String host, int port, int controllerPort, Map<String, String> overrides) {
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("process.roles", "broker,controller");
    settings.put("log.dirs", dataDir.toString());
    settings.put(
        "listeners",
        "CLIENT://" + host + ":" + port + ",CONTROLLER://" + host + ":" + controllerPort);
    settings.put("advertised.listeners", "CLIENT://" + host + ":" + port);
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.voters", NODE_ID + "@" + host + ":" + controllerPort);
    // One node: internal topics can have one replica only, and a few partitions are plenty.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "2");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
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

  private static void format(Path dataDir) throws IOException {
    if (Files.exists(dataDir.resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(dataDir.toString())
          .setDirectories(List.of(dataDir.toString()))
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format " + dataDir + ": " + e.getMessage(), e);
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

  private static int freePort(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private static int checkFree(String host, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return port;
    } catch (IOException e) {
      throw new IOException("port " + port + " on " + host + " is taken: " + e.getMessage(), e);
    }
  }
}
