package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.process.ChildRole;
import io.thunderhead.app.process.FreePorts;
import io.thunderhead.protocol.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every role from the publisher to the answer, each a process: broker, edge, distributors, workers,
 * transformers and a serving node. Closing it stops them from the edge inwards.
 */
final class RolePath implements AutoCloseable {
  /** Leases of the workers, short enough that a stopped worker's run out during a rehearsal. */
  static final int LEASE_MS = 4_000;

  private static final Logger LOG = LoggerFactory.getLogger(RolePath.class);
  private static final String HOST = "127.0.0.1:";

  /** Of which there may be several. */
  static final List<String> SEVERAL = List.of("distribute", "work", "transform");

  static final String ANOTHER = "one more of distribute, work and transform";

  private static final String SPOOL = "spool";

  /**
   * All roles share a machine, so that a broker that only waits for a processor is no broker away.
   */
  private static final int SPOOL_AFTER_MS = 5_000;

  private static final int BACKFILL_SECONDS = 75;
  private static final int LEAST_DEDUPED = 100_000;
  private static final int MOST_DEDUPED = 1_000_000;

  private final Path logs;
  private final List<ChildRole> roles = new ArrayList<>();
  private final List<String> distributors = new ArrayList<>();
  private String kafka = "";
  private String enrichers = "";
  private int rateOfOne;

  private RolePath(Path logs) {
    this.logs = logs;
  }

  /** Where the edge of a path in this directory keeps its cursor. */
  static Path cursorFile(Path directory) {
    return directory.resolve(SPOOL).resolve("cursor.json");
  }

  /**
   * Starts everything and waits until all of it works.
   *
   * @param innerLimit posts a second over all distributors; 0: no limit
   */
  static RolePath start(
      SpikeConfig config, int innerLimit, String source, Path directory, Path logs)
      throws IOException, InterruptedException, RoleFailedException {
    RolePath path = new RolePath(logs);
    try {
      path.startAll(config, innerLimit, source, directory);
      return path;
    } catch (IOException | InterruptedException | RoleFailedException | RuntimeException e) {
      path.close();
      throw e;
    }
  }

  private void startAll(SpikeConfig config, int innerLimit, String source, Path directory)
      throws IOException, InterruptedException, RoleFailedException {
    kafka = HOST + FreePorts.next();
    ChildRole broker =
        role(
            "broker",
            1024,
            "--port",
            kafka.substring(HOST.length()),
            "--data-dir",
            directory.resolve("kafka").toString());
    broker.awaitAddress("kafka");
    inKafka("serve", 1024, "--grpc-port", "0");
    enrichers = String.join(",", config.enrichers());
    int instances = config.instances();
    boolean oneIsAdded = config.faults().kills() && instances > 1;
    // One that is left alone has to do the work of all.
    rateOfOne = oneIsAdded || innerLimit == 0 ? innerLimit : Math.max(1, innerLimit / instances);
    for (int i = 0; i < instances; i++) {
      distributors.add(HOST + FreePorts.next());
    }
    int atFirst = oneIsAdded ? instances - 1 : instances;
    for (int i = 1; i <= atFirst; i++) {
      startInner(i);
    }
    // In an order in which nobody has to wait for somebody aloud.
    awaitAll();
    for (int i = 1; i <= atFirst; i++) {
      startWorker(i);
    }
    inKafka(
        "edge",
        512,
        "--source",
        source,
        "--format",
        "gnip",
        "--backfill-minutes",
        "5",
        "--spool-after-ms",
        Integer.toString(SPOOL_AFTER_MS),
        "--dedupe-events",
        Integer.toString(dedupeEvents(config)),
        "--spool-dir",
        directory.resolve(SPOOL).toString());
    awaitAll();
    LOG.info(
        "All roles work: {}",
        roles.stream().map(ChildRole::name).collect(Collectors.joining(", ")));
  }

  /** A killed edge is sent the last minute again, and has to know all of it. */
  private static int dedupeEvents(SpikeConfig config) {
    double minute = config.scale() * SpikeConfig.PEAK * BACKFILL_SECONDS;
    return config.faults().kills()
        ? (int) Math.clamp(minute, LEAST_DEDUPED, MOST_DEDUPED)
        : LEAST_DEDUPED;
  }

  private void startInner(int number) throws IOException {
    inKafka(numbered("transform", number), 512, "--input-topic", Topics.ENRICHED_ACTIVITIES);
    inKafka(
        numbered("distribute", number),
        768,
        "--grpc-port",
        distributors.get(number - 1).substring(HOST.length()),
        "--enrichers",
        enrichers,
        "--lease-ms",
        Integer.toString(LEASE_MS),
        "--max-rate",
        Integer.toString(rateOfOne));
  }

  private void startWorker(int number) throws IOException {
    role(
        numbered("work", number),
        384,
        "--distributor",
        String.join(",", distributors),
        "--enrichers",
        enrichers,
        "--worker-name",
        "worker-" + number);
  }

  /** Starts the last distributor, worker and transformer beside the others; doesn't wait. */
  String addAnother() throws IOException {
    startInner(distributors.size());
    startWorker(distributors.size());
    return ANOTHER;
  }

  /** kill -9; nobody starts it again, or misses it. */
  void killForGood(ChildRole role) throws InterruptedException {
    role.kill();
    roles.remove(role);
  }

  private void awaitAll() throws RoleFailedException, InterruptedException {
    for (ChildRole role : roles) {
      role.awaitAddress("http");
    }
  }

  List<ChildRole> roles() {
    return List.copyOf(roles);
  }

  String kafka() {
    return kafka;
  }

  ChildRole role(String name) {
    return roles.stream()
        .filter(role -> role.name().equals(name) || role.name().equals(numbered(name, 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Whether every role has said that it is ready since it was started last. */
  boolean isComplete() {
    return roles.stream().allMatch(role -> role.http().isPresent());
  }

  void throwIfGone() throws RoleFailedException {
    for (ChildRole role : roles) {
      if (!role.alive()) {
        throw new RoleFailedException(role.name() + " has ended: see " + role.log());
      }
    }
  }

  /** Stops every role in order; what each said that a person should act on, or its bad exit. */
  List<String> stop() throws InterruptedException, IOException {
    List<String> complaints = new ArrayList<>();
    for (ChildRole role : roles.reversed()) {
      int exit = role.stop();
      if (exit != 0) {
        complaints.add(role.name() + " ended with " + exit);
      }
      for (String line : role.warnings()) {
        complaints.add(role.name() + ": " + line);
      }
    }
    roles.clear();
    return complaints;
  }

  @Override
  public void close() {
    for (ChildRole role : roles.reversed()) {
      role.close();
    }
    roles.clear();
  }

  private void inKafka(String name, int heapMegabytes, String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("--bootstrap-servers", kafka));
    all.addAll(List.of(flags));
    role(name, heapMegabytes, all.toArray(String[]::new));
  }

  private ChildRole role(String name, int heapMegabytes, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(name.replaceFirst("-\\d+$", ""));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("--http-port", "0"));
    ChildRole role = ChildRole.start(name, heapMegabytes, logs, arguments);
    roles.add(role);
    return role;
  }

  private static String numbered(String name, int number) {
    return name + "-" + number;
  }
}
