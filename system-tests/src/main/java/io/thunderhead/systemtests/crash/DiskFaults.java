package io.thunderhead.systemtests.crash;

import io.thunderhead.systemtests.crash.Fault.Repeats;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Disks that are full, and what was written to them damaged (D1, D2, D4). */
final class DiskFaults {
  private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(60);
  private static final String FAILURES = "thunderhead_snapshot_failures_total";
  private static final String WRITTEN = "thunderhead_snapshot_written_total";

  private DiskFaults() {}

  /** Those that need a disk of their own to be filled. */
  static List<Fault> ofOwnDisk() {
    return List.of(
        new Fault(
            "D1",
            "broker's disk full, then freed",
            false,
            Repeats.BY_ALL,
            DiskFaults::fillBrokersDisk),
        new Fault(
            "D2",
            "disk of the snapshots full, then freed",
            false,
            Repeats.BY_NOBODY,
            DiskFaults::fillSnapshotsDisk));
  }

  static Fault damage() {
    return new Fault(
        "D4",
        "newest snapshot damaged, serve killed -9",
        false,
        Repeats.BY_NOBODY,
        DiskFaults::damageSnapshot);
  }

  private static void fillBrokersDisk(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Path ballast = site.disk().resolve("ballast");
    Role broker = site.role("broker");
    fill(ballast);
    Thread.sleep(8_000);
    Files.delete(ballast);
    // Kafka gives up a log directory that fails it, and with its only one, itself.
    if (broker.alive()) {
      broker.kill();
    }
    broker.start();
    broker.awaitReady();
  }

  private static void fillSnapshotsDisk(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role serve = site.role("serve");
    List<Path> old = snapshots(site);
    Path ballast = site.snapshots().resolve("ballast");
    double failures = serve.metric(FAILURES);
    fill(ballast);
    try {
      if (!within(() -> serve.metric(FAILURES) > failures)) {
        breaches.add("D2 a snapshot that could not be written is not counted");
      }
      if (!serve.isReady()) {
        breaches.add("I7 serve is not ready because of a full disk that is not too old yet");
      }
      if (!old.stream().allMatch(Files::exists)) {
        breaches.add("D2 a full disk cost a snapshot that was there: " + old);
      }
    } finally {
      Files.delete(ballast);
    }
    double written = serve.metric(WRITTEN);
    if (!within(() -> serve.metric(WRITTEN) > written)) {
      breaches.add("D2 no snapshot is written although there is room again");
    }
  }

  private static void damageSnapshot(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role serve = site.role("serve");
    if (!within(() -> snapshots(site).size() > 1)) {
      breaches.add("D4 serve writes no snapshots");
      return;
    }
    serve.kill();
    Optional<Path> newest = snapshots(site).stream().max(Comparator.naturalOrder());
    flip(newest.orElseThrow(), random);
    serve.start();
    serve.awaitReady();
    if (!(serve.metric("thunderhead_snapshot_refused_total") > 0)) {
      breaches.add("D4 a damaged snapshot was not told");
    }
    if (!(serve.metric("thunderhead_snapshot_loaded_posts") > 0)) {
      breaches.add("D4 the older snapshot was not taken");
    }
  }

  /** One bit, anywhere. */
  private static void flip(Path file, RandomGenerator random) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = random.nextLong(bytes.length());
      bytes.seek(at);
      int one = bytes.read();
      bytes.seek(at);
      bytes.write(one ^ (1 << random.nextInt(8)));
    }
  }

  private static void fill(Path ballast) throws IOException, InterruptedException {
    new ProcessBuilder("dd", "if=/dev/zero", "of=" + ballast, "bs=64k")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static List<Path> snapshots(Site site) {
    try (Stream<Path> files = Files.list(site.snapshots())) {
      return files.filter(file -> file.toString().endsWith(".snapshot")).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean within(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > SNAPSHOT_LIMIT.toNanos()) {
        return false;
      }
      Thread.sleep(200);
    }
    return true;
  }
}
