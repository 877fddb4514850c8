package io.thunderhead.serving.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.supervision.SupervisedThread;
import io.thunderhead.store.PostStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class SnapshotsTest {
  @TempDir private Path parent;
  private Path dir;

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.thunderhead.serving.snapshot");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private SnapshotMetrics metrics = new SnapshotMetrics(new PrometheusRegistry());

  @BeforeEach
  void begin() throws IOException {
    dir = Files.createDirectory(parent.resolve("snapshots"));
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void end() {
    logger.detachAppender(lines);
  }

  @Test
  void take_manyTimes_keepsTheLastTwo() throws Exception {
    PostStore store = SnapshotFixture.store(50);
    try (Snapshots snapshots = open(store)) {
      for (int i = 1; i <= 5; i++) {
        snapshots.takeLast(at(i));
      }
    }
    assertThat(files())
        .containsExactly("0000000000000000004.snapshot", "0000000000000000005.snapshot", "lock");
    assertThat(metrics.written.get()).isEqualTo(5);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void take_nothingNew_writesNothing() throws Exception {
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      snapshots.takeLast(at(1));
      snapshots.takeLast(at(1));
    }
    assertThat(metrics.written.get()).isEqualTo(1);
    assertThat(metrics.unchanged.get()).isEqualTo(1);
    PostStore loaded = new PostStore(SnapshotFixture.LIMITS);
    try (Snapshots snapshots = open(loaded)) {
      assertThat(snapshots.recover(() -> false)).isEqualTo(SnapshotFixture.offsets(1));
      snapshots.takeLast(at(1));
      assertThat(files()).hasSize(2);
    }
  }

  @Test
  void take_offsetsNotKnown_writesNothing() throws Exception {
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      snapshots.takeLast(() -> null);
      assertThat(files()).containsExactly("lock");
    }
  }

  @Test
  void recover_newestDamaged_tellsAndTakesTheOneBefore() throws Exception {
    PostStore store = SnapshotFixture.store(50);
    try (Snapshots snapshots = open(store)) {
      snapshots.takeLast(at(1));
      store.create(SnapshotFixture.post(51), SnapshotFixture.NOW);
      snapshots.takeLast(at(2));
    }
    Path newest = dir.resolve("0000000000000000002.snapshot");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    PostStore loaded = new PostStore(SnapshotFixture.LIMITS);
    try (Snapshots snapshots = open(loaded)) {
      assertThat(snapshots.recover(() -> false)).isEqualTo(SnapshotFixture.offsets(1));
      assertThat(loaded.stats().posts()).isEqualTo(45);
      assertThat(metrics.refused.labelValues("damaged").get()).isEqualTo(1);
      assertThat(warnings())
          .singleElement()
          .asString()
          .contains("0000000000000000002.snapshot is damaged: the checksum");
      // The damaged one is not one of the two that are kept.
      snapshots.takeLast(at(3));
      assertThat(files())
          .containsExactly("0000000000000000001.snapshot", "0000000000000000003.snapshot", "lock");
    }
  }

  @Test
  void recover_allDamaged_leavesAnEmptyStoreAndTheLog() throws Exception {
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      snapshots.takeLast(at(1));
    }
    Path only = dir.resolve("0000000000000000001.snapshot");
    byte[] bytes = Files.readAllBytes(only);
    Files.write(only, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    PostStore loaded = new PostStore(SnapshotFixture.LIMITS);
    try (Snapshots snapshots = open(loaded)) {
      assertThat(snapshots.recover(() -> false)).isNull();
      assertThat(loaded.stats().posts()).isZero();
      assertThat(loaded.stats().tombstones()).isZero();
    }
  }

  @Test
  void recover_stopped_loadsNoFurther() throws Exception {
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      snapshots.takeLast(at(1));
    }
    try (Snapshots snapshots = open(new PostStore(SnapshotFixture.LIMITS))) {
      assertThat(snapshots.recover(() -> true)).isNull();
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void open_afterAKillInTheMiddle_removesWhatIsUnfinished() throws Exception {
    Files.write(dir.resolve("0000000000000000007.unfinished"), new byte[100]);
    Files.write(dir.resolve("other"), new byte[100]);
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      assertThat(files()).containsExactly("lock", "other");
      snapshots.takeLast(at(1));
      assertThat(files()).containsExactly("0000000000000000008.snapshot", "lock", "other");
    }
  }

  @Test
  void open_directoryOfAnotherNodeOrMissing_isRefused() throws Exception {
    try (Snapshots first = open(SnapshotFixture.store(5))) {
      assertThat(first.check()).isEmpty();
      assertThatThrownBy(() -> open(SnapshotFixture.store(5)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is another node's");
    }
    Path file = Files.write(parent.resolve("file"), new byte[1]);
    for (Path wrong : List.of(parent.resolve("missing"), file)) {
      assertThatThrownBy(() ->
              new Snapshots(
                  SnapshotConfig.of(wrong),
                  SnapshotFixture.TOPIC,
                  SnapshotFixture.LIMITS,
                  SnapshotFixture.store(1),
                  SnapshotFixture.CLOCK,
                  metrics))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  @Test
  void take_stoppedInTheMiddle_leavesNothingUnfinishedAndIsNoFailure() throws Exception {
    try (SnapshotDirectory directory = SnapshotDirectory.open(dir)) {
      PostStore store = SnapshotFixture.store(30_000);
      SnapshotTaker taker =
          new SnapshotTaker(
              directory,
              SnapshotFixture.TOPIC,
              SnapshotFixture.LIMITS,
              store,
              SnapshotFixture.CLOCK,
              metrics);
      AtomicInteger asked = new AtomicInteger();
      taker.take(at(1), () -> asked.incrementAndGet() == 2, 0);
      assertThat(asked).as("stopped after the first section").hasValue(2);
      assertThat(files()).containsExactly("lock");
      assertThat(warnings()).isEmpty();
      assertThat(taker.failure()).isNull();
      taker.take(at(1), () -> false, 0);
      assertThat(files()).hasSize(2);
    }
  }

  @Test
  void run_stopped_endsSoonAndTheLastSnapshotIsStillWritten() throws Exception {
    PostStore store = SnapshotFixture.store(30_000);
    metrics = new SnapshotMetrics(new PrometheusRegistry());
    SnapshotConfig everySecond = new SnapshotConfig(dir, Duration.ofSeconds(1), Duration.ZERO, 1);
    try (Snapshots snapshots =
        new Snapshots(
            everySecond,
            SnapshotFixture.TOPIC,
            SnapshotFixture.LIMITS,
            store,
            SnapshotFixture.CLOCK,
            metrics)) {
      AtomicInteger offset = new AtomicInteger();
      Thread thread =
          SupervisedThread.start(
              "snapshots",
              () -> snapshots.run(() -> SnapshotFixture.offsets(offset.incrementAndGet())),
              Counter.builder().name("restarts").labelNames("thread").build(),
              new CountDownLatch(1));
      await().until(() -> metrics.written.get() >= 1);
      snapshots.stop();
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
      double before = metrics.written.get();
      snapshots.takeLast(at(1_000));
      assertThat(metrics.written.get()).isEqualTo(before + 1);
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void take_directoryGone_isToldOnceCountedAndTriedAgain() throws Exception {
    Path away = parent.resolve("away");
    try (Snapshots snapshots = open(SnapshotFixture.store(50))) {
      snapshots.takeLast(at(1));
      Files.move(dir, away);
      snapshots.takeLast(at(2));
      snapshots.takeLast(at(3));
      assertThat(metrics.failures.labelValues("io").get()).isEqualTo(2);
      assertThat(warnings()).hasSize(1);
      Files.move(away, dir);
      snapshots.takeLast(at(4));
      assertThat(files()).hasSize(3).contains("0000000000000000001.snapshot");
      assertThat(warnings()).hasSize(1);
    }
  }

  private Snapshots open(PostStore store) throws IOException {
    metrics = new SnapshotMetrics(new PrometheusRegistry());
    return new Snapshots(
        new SnapshotConfig(dir, Duration.ofMinutes(1), Duration.ofMinutes(10), 2),
        SnapshotFixture.TOPIC,
        SnapshotFixture.LIMITS,
        store,
        SnapshotFixture.CLOCK,
        metrics);
  }

  private static Supplier<@Nullable AppliedOffsets> at(long offset) {
    return () -> SnapshotFixture.offsets(offset);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
