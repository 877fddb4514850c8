package io.thunderhead.benchmarks.restart;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench restart}: ready after kill -9, from a snapshot and from the log. */
@Command(
    name = "restart",
    description = {
      "How long a serving node takes from its start to READY after kill -9: from a snapshot and from"
          + " the log, beside a JVM that starts and reads the snapshot's file; the snapshot's size;"
          + " and what a reader notices of one being written. Broker and node are processes.",
      "10 M posts take 2 GB of disk, 5 GB of heap here (-Xmx5g in THUNDERHEAD_JAVA_OPTS), as much for"
          + " the node, and about five minutes."
    })
public final class RestartBench implements Callable<Integer> {
  private static final String APP = "io.thunderhead.app.Thunderhead";
  private static final int PARTITIONS = 8;
  private static final long SNAPSHOT_LIMIT_NS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOOK_MS = 200;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchFlags flags = new BenchFlags();

  @Option(
      names = "--posts",
      paramLabel = "N",
      description = "Posts in the log; 0: 10,000,000, or 1,000,000 with --quick.")
  private int posts;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "restart, readers or both: what is measured.")
  private String part = "both";

  @Override
  public Integer call() throws Exception {
    int size = posts != 0 ? posts : flags.quick() ? 1_000_000 : 10_000_000;
    if (size < 10_000 || size > 50_000_000) {
      throw new ParameterException(
          spec.commandLine(), "--posts must be between 10000 and 50000000, not " + size);
    }
    if (!List.of("restart", "readers", "both").contains(part)) {
      throw new ParameterException(
          spec.commandLine(), "--part must be restart, readers or both, not " + part);
    }
    Workload workload = new Workload(size, size / 10);
    Report report = flags.report();
    Path dir = Files.createTempDirectory("thunderhead-restart-");
    try {
      if (!part.equals("readers")) {
        restart(workload, dir, report);
      }
      if (!part.equals("restart")) {
        Path snapshots = Files.createDirectory(dir.resolve("beside"));
        boolean quick = flags.quick();
        new ReadersBeside(
                workload, snapshots, report, quick ? 2 : 5, TimeUnit.SECONDS.toNanos(quick ? 2 : 4))
            .run();
      }
    } finally {
      flags.finish(report);
      delete(dir);
    }
    return 0;
  }

  private void restart(Workload workload, Path dir, Report report)
      throws IOException, InterruptedException {
    Path log = dir.resolve("children.log");
    Path snapshots = Files.createDirectory(dir.resolve("snapshots"));
    try (ChildJvm broker =
        ChildJvm.start(
            1024,
            log,
            APP,
            List.of("broker", "--port", "0", "--http-port", "off", "--data-dir", dir + "/kafka"))) {
      String servers = broker.address("kafka");
      ClientSettings client = ClientSettings.of(servers);
      try (TopicAdmin admin = new TopicAdmin(client)) {
        admin.ensure(TopicSpec.events(Topics.IN_NETWORK_EVENTS, PARTITIONS, 1));
      }
      report.progress("publishing " + workload.posts() + " events");
      new EventLoad(client, Topics.IN_NETWORK_EVENTS, PARTITIONS).publish(workload);
      int heapMegabytes = 1024 + workload.posts() / 2500;
      int rounds = flags.quick() ? 3 : 5;

      // Long enough for the node to catch up before it writes.
      int intervalSeconds = Math.max(5, workload.posts() / 200_000);
      report.progress("from the log");
      double fromLog;
      Path file;
      try (ChildJvm node = node(heapMegabytes, log, servers, snapshots, intervalSeconds)) {
        fromLog = node.readySeconds();
        file = awaitSnapshot(node, snapshots, report);
        node.kill();
      }
      double[] fromSnapshot = new double[rounds];
      double[] floor = new double[rounds];
      double[] loading = new double[rounds];
      double[] cpu = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        report.progress("from the snapshot, " + i);
        try (ChildJvm reading =
            ChildJvm.start(
                heapMegabytes, log, FileRead.class.getName(), List.of(file.toString()))) {
          floor[i] = reading.readySeconds();
        }
        try (ChildJvm node = node(heapMegabytes, log, servers, snapshots, 3600)) {
          fromSnapshot[i] = node.readySeconds();
          loading[i] = node.metric("thunderhead_snapshot_load_seconds");
          cpu[i] = node.cpuSeconds();
          require(node.metric("thunderhead_snapshot_loaded_posts") > 0, "no snapshot was loaded");
          node.kill();
        }
      }
      double seconds = median(fromSnapshot);
      report.add(
          Row.lessIsBetter(
              "ready-from-snapshot", seconds, "s", fromLog, "from the log alone, one start"));
      report.add(
          Row.lessIsBetter(
              "ready-from-snapshot-to-floor",
              seconds,
              "s",
              median(floor),
              "a JVM that reads the file"));
      report.add(Row.alone("snapshot-load", median(loading), "s of these"));
      report.add(Row.alone("ready-from-snapshot-cpu", median(cpu), "CPU s of the process"));
      report.fact("ready from the snapshot, s", Arrays.toString(fromSnapshot));
      report.fact("a JVM that reads the file, s", Arrays.toString(floor));
    }
  }

  /** The file of a snapshot that has everything, once there is one. */
  private static Path awaitSnapshot(ChildJvm node, Path snapshots, Report report)
      throws IOException, InterruptedException {
    report.progress("waiting for a whole snapshot");
    double held = node.metric("thunderhead_store_entities{type=\"posts\"}");
    long deadlineNs = System.nanoTime() + SNAPSHOT_LIMIT_NS;
    // One that was begun while the node caught up has fewer.
    while (node.metric("thunderhead_snapshot_posts") < held) {
      require(System.nanoTime() < deadlineNs, "no whole snapshot was written in time");
      Thread.sleep(LOOK_MS);
    }
    double written = node.metric("thunderhead_snapshot_posts");
    double bytes = node.metric("thunderhead_snapshot_size_bytes");
    report.fact("posts in the snapshot", (long) written);
    report.add(Row.alone("snapshot-bytes-per-post", bytes / written, "bytes"));
    report.add(
        Row.alone(
            "snapshot-write",
            node.metric("thunderhead_snapshot_duration_seconds"),
            "s, with fsync"));
    try (Stream<Path> files = Files.list(snapshots)) {
      return files
          .filter(file -> file.toString().endsWith(".snapshot"))
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new BenchFailedException("no snapshot in " + snapshots));
    }
  }

  private static ChildJvm node(
      int heapMegabytes, Path log, String servers, Path snapshots, int intervalSeconds)
      throws IOException {
    return ChildJvm.start(
        heapMegabytes,
        log,
        APP,
        List.of(
            "serve",
            "--bootstrap-servers",
            servers,
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--snapshot-dir",
            snapshots.toString(),
            "--snapshot-interval",
            intervalSeconds + "s",
            "--max-snapshot-age",
            "0"));
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new BenchFailedException(otherwise);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
