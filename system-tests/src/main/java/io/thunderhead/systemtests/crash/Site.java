package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that runs: a broker behind a bad network, every role beside it, a foreign publisher
 * and a foreign watcher. Roles are there before their broker (F9), since nobody promises an order.
 */
final class Site implements AutoCloseable {
  /** What the distributor asks for, with {@link #ENRICHERS} as their number. */
  private static final String ENRICHER_NAMES = "language,author-score";

  static final int ENRICHERS = 2;

  /**
   * What the edge may have sent without knowing it safe: its window in activities, of which each
   * takes more than 128 bytes there, and what came in the half second since it last saved what it
   * knows.
   */
  static final int EDGE_WINDOW_EVENTS = (64 << 10) / 128 + CrashSuite.RATE / 2;

  private static final String EDGE_WINDOW_BYTES = Integer.toString(64 << 10);
  private static final String DISK_BYTES = "size=3g";
  private static final String SNAPSHOTS_BYTES = "size=256m";
  private static final String MANY = "5000";
  private static final String JVM = "-XX:TieredStopAtLevel=1 -Xmx";

  private final Path root;
  private final Path directory;
  private final Path disk;
  private final Path snapshots;
  private final boolean ownDisk;
  private final Clock clock;
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private final Link link;
  private final int grpcPort;
  private final ForeignProgram publisher;
  private final ForeignProgram watcher;

  /** Starts all of it and waits until every role works. */
  Site(Path root, Path directory, long seed) throws IOException, InterruptedException {
    this.root = root;
    this.directory = directory;
    this.disk = Files.createDirectories(directory.resolve("disk"));
    this.snapshots = Files.createDirectories(directory.resolve("snapshots"));
    this.ownDisk = mount(disk, DISK_BYTES) && mount(snapshots, SNAPSHOTS_BYTES);
    this.clock = new Clock(directory);
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAtTheEnd, "close-site"));
    int brokerPort = freePort();
    this.link = Link.to(brokerPort);
    this.grpcPort = freePort();
    String kafka = "127.0.0.1:" + link.port();
    publisher =
        program(
            "publish.mjs",
            "--bootstrap",
            kafka,
            "--dir",
            directory.toString(),
            "--proto",
            protos(),
            "--seed",
            Long.toUnsignedString(seed));
    int streamPort = publisher.answer(Duration.ofSeconds(30)).get("port").asInt();
    addRoles(kafka, brokerPort, streamPort);
    roles.values().stream()
        .filter(role -> !role.name().equals("broker"))
        .forEach(this::startOrFail);
    Thread.sleep(2_000);
    role("broker").start();
    for (Role role : roles.values()) {
      role.awaitReady();
    }
    watcher =
        program(
            "watch.mjs",
            "--bootstrap",
            kafka,
            "--groups",
            "thunderhead-transform=tweet_events,thunderhead-distribute=activities,"
                + "thunderhead-distribute-late=late_enrichments,"
                + "thunderhead-transform-enriched=enriched_activities",
            "--addr",
            grpc(),
            "--proto",
            protos());
  }

  private void addRoles(String kafka, int brokerPort, int streamPort) throws IOException {
    String distribute = "127.0.0.1:" + freePort();
    add(
        "broker",
        512,
        "broker",
        "--port",
        Integer.toString(brokerPort),
        "--advertised",
        kafka,
        "--data-dir",
        disk.resolve("kafka").toString());
    for (String name : List.of("transform-1", "transform-2")) {
      addInKafka(name, 192, kafka, "transform");
    }
    addInKafka(
        "transform-enriched",
        192,
        kafka,
        "transform",
        "--input-topic",
        "enriched_activities",
        "--group",
        "thunderhead-transform-enriched");
    addInKafka(
        "distribute",
        192,
        kafka,
        "distribute",
        "--grpc-port",
        distribute.substring(distribute.indexOf(':') + 1),
        "--enrichers",
        ENRICHER_NAMES,
        "--lease-ms",
        "4000");
    add("work", 128, "work", "--distributor", distribute, "--enrichers", ENRICHER_NAMES);
    addInKafka(
        "serve",
        384,
        kafka,
        "serve",
        "--grpc-port",
        Integer.toString(grpcPort),
        "--max-original-posts-per-author",
        MANY,
        "--max-reply-posts-per-author",
        MANY,
        "--max-video-posts-per-author",
        MANY,
        "--max-posts-scanned-per-author",
        "20000",
        "--snapshot-dir",
        snapshots.toString(),
        "--snapshot-interval",
        "5s");
    addInKafka(
        "edge",
        192,
        kafka,
        "edge",
        "--source",
        "http://127.0.0.1:" + streamPort + "/stream",
        "--format",
        "ndjson",
        "--backfill-minutes",
        "5",
        "--stall-timeout-ms",
        "10000",
        "--spool-dir",
        directory.resolve("spool").toString(),
        "--window-bytes",
        EDGE_WINDOW_BYTES);
  }

  private void addInKafka(
      String name, int megabytes, String kafka, String command, String... flags) {
    List<String> all = new ArrayList<>(List.of(command, "--bootstrap-servers", kafka));
    all.addAll(List.of(flags));
    add(name, megabytes, all.toArray(String[]::new));
  }

  private void add(String name, int megabytes, String... arguments) {
    List<String> command = Role.thunderhead(root, arguments);
    command.addAll(List.of("--http-port", "0"));
    roles.put(
        name,
        new Role(name, command, Map.of("THUNDERHEAD_JAVA_OPTS", JVM + megabytes + "m"), directory));
  }

  private void startOrFail(Role role) {
    try {
      role.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A further transformer, which the caller stops. */
  Role guest() throws IOException {
    List<String> flags =
        List.of("transform", "--bootstrap-servers", "127.0.0.1:" + link.port(), "--http-port", "0");
    Role guest =
        new Role(
            "guest",
            Role.thunderhead(root, flags.toArray(String[]::new)),
            Map.of("THUNDERHEAD_JAVA_OPTS", JVM + "192m"),
            directory);
    guest.start();
    return guest;
  }

  ForeignProgram program(String program, String... flags) throws IOException {
    return ForeignProgram.start(root.resolve("system-tests/clients"), directory, program, flags);
  }

  Role role(String name) {
    return Objects.requireNonNull(roles.get(name), name);
  }

  List<Role> roles() {
    return List.copyOf(roles.values());
  }

  Link link() {
    return link;
  }

  Clock clock() {
    return clock;
  }

  ForeignProgram publisher() {
    return publisher;
  }

  ForeignProgram watcher() {
    return watcher;
  }

  Path directory() {
    return directory;
  }

  Path disk() {
    return disk;
  }

  /** Where the serving node has its snapshots. */
  Path snapshots() {
    return snapshots;
  }

  /** What the watcher's calls came to so far. */
  JsonNode probe() {
    JsonNode line = watcher.latest();
    return line == null ? MissingNode.getInstance() : line.path("probe");
  }

  /** Whether broker and snapshots have a disk of their own each, which can be filled. */
  boolean hasOwnDisk() {
    return ownDisk;
  }

  String kafka() {
    return "127.0.0.1:" + link.port();
  }

  String grpc() {
    return "127.0.0.1:" + grpcPort;
  }

  String protos() {
    return root.resolve("protocol/src/main/protobuf").toString();
  }

  /** Ends whatever still runs, at once; a second time does nothing. */
  @Override
  public void close() throws IOException {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    link.close();
    if (ownDisk) {
      unmount(disk);
      unmount(snapshots);
    }
  }

  private static void unmount(Path disk) throws IOException {
    try {
      // Lazily, for a process that was only just killed may hold it a moment longer.
      new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeAtTheEnd() {
    try {
      close();
    } catch (IOException e) {
      // The process ends anyway.
    }
  }

  /** A disk in memory where we may mount one, so that it can be filled without filling yours. */
  private static boolean mount(Path disk, String size) throws IOException, InterruptedException {
    return new ProcessBuilder("mount", "-t", "tmpfs", "-o", size, "crash", disk.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
