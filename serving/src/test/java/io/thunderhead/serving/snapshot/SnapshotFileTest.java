package io.thunderhead.serving.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.snapshot.RefusedSnapshotException.Reason;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressWarnings("NullAway.Init")
final class SnapshotFileTest {
  /** Of version 1, as the first program that had snapshots wrote it; never to be written anew. */
  private static final Path VERSION_1 = Path.of("src", "test", "resources", "version-1.snapshot");

  @TempDir private Path dir;

  @Test
  void load_afterWrite_answersTheSame() throws Exception {
    PostStore store = SnapshotFixture.store(30_000);
    Path path = dir.resolve("s");
    SnapshotSize size = SnapshotFixture.write(store, path);
    assertThat(Files.size(path)).isEqualTo(size.bytes());
    assertThat(size.posts()).isEqualTo(27_000).isEqualTo(store.stats().posts());
    assertThat(size.tombstones()).isEqualTo(3_001);
    PostStore loaded = SnapshotFixture.load(path);
    assertThat(SnapshotFixture.answers(loaded))
        .hasSizeGreaterThan(500)
        .isEqualTo(SnapshotFixture.answers(store));
    assertThat(loaded.stats())
        .usingRecursiveComparison()
        .comparingOnlyFields("posts", "authors", "originals", "secondary", "videos", "tombstones")
        .isEqualTo(store.stats());
  }

  @Test
  void header_afterWrite_isTheSame() throws Exception {
    Path path = dir.resolve("s");
    SnapshotFixture.write(SnapshotFixture.store(10), path);
    try (SnapshotFile file = SnapshotFile.open(path)) {
      assertThat(file.header()).isEqualTo(SnapshotFixture.header());
    }
  }

  @Test
  void load_storedFileOfVersion1_givesWhatWasWritten() throws Exception {
    PostStore loaded = SnapshotFixture.load(VERSION_1);
    assertThat(SnapshotFixture.answers(loaded))
        .isEqualTo(SnapshotFixture.answers(SnapshotFixture.store(100)));
    assertThat(loaded.stats().tombstones()).isEqualTo(11);
    try (SnapshotFile file = SnapshotFile.open(VERSION_1)) {
      AppliedOffsets offsets = file.header().offsets();
      assertThat(offsets).isEqualTo(SnapshotFixture.offsets(500));
    }
  }

  @Test
  void load_anyBitFlipped_isRefused() throws Exception {
    byte[] good = small();
    Random random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      int bit = i < 8 * 64 ? i : random.nextInt(good.length * 8);
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(bad, "bit " + bit);
    }
  }

  @Test
  void load_cutOffAnywhereOrLonger_isRefused() throws Exception {
    byte[] good = small();
    for (int length = 0; length < good.length; length += length < 200 ? 1 : 37) {
      assertRefused(Arrays.copyOf(good, length), "length " + length);
    }
    assertRefused(Arrays.copyOf(good, good.length + 1), "one byte more");
    assertRefused(Arrays.copyOf(good, good.length + 16), "an empty section more");
  }

  @Test
  void load_hostileSectionsWithRightChecksums_isRefusedOrHarmless() throws Exception {
    byte[] good = small();
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = SnapshotFormat.PREFIX_BYTES + random.nextInt(good.length - 16);
        bad[at] = (byte) random.nextInt();
      }
      withRightChecksums(bad);
      Throwable thrown = catchThrowable(() -> loadBytes(bad));
      assertThat(thrown == null || thrown instanceof RefusedSnapshotException)
          .as("change %s: %s", i, thrown)
          .isTrue();
    }
  }

  @Test
  void open_laterVersion_isRefusedAndSaysSo() throws Exception {
    byte[] later = small();
    SnapshotFormat.putInt(later, 8, SnapshotFormat.VERSION + 1);
    assertThatThrownBy(() -> loadBytes(later))
        .isInstanceOf(RefusedSnapshotException.class)
        .hasMessage(
            "is of format version 2, and this program reads up to 1: it was written by a later one")
        .extracting(e -> ((RefusedSnapshotException) e).reason())
        .isEqualTo(Reason.NEWER_VERSION);
  }

  @Test
  void check_otherTopicOrNarrowerLimits_isRefused() {
    SnapshotHeader header = SnapshotFixture.header();
    assertThatThrownBy(() -> header.check("other", SnapshotFixture.LIMITS))
        .hasMessage("is of the topic in_network_events, not other");
    assertThatThrownBy(() ->
            header.check(
                SnapshotFixture.TOPIC, new StoreConfig(200_000, 300, 50, 30, 100, 500, 5000)))
        .hasMessageContaining("retention in seconds 172800, now 200000");
    assertThatThrownBy(() ->
            header.check(SnapshotFixture.TOPIC, new StoreConfig(100, 300, 50, 30, 100, 500, 6000)))
        .hasMessageContaining("posts kept per author 5000, now 6000");
  }

  private byte[] small() throws IOException {
    Path path = dir.resolve("small");
    SnapshotFixture.write(SnapshotFixture.store(60), path);
    byte[] bytes = Files.readAllBytes(path);
    Files.delete(path);
    return bytes;
  }

  private void assertRefused(byte[] bytes, String what) {
    assertThat(catchThrowable(() -> loadBytes(bytes)))
        .as(what)
        .isInstanceOf(RefusedSnapshotException.class);
  }

  private void loadBytes(byte[] bytes) throws Exception {
    Path path = dir.resolve("bytes");
    Files.write(path, bytes);
    SnapshotFixture.load(path);
  }

  private static void withRightChecksums(byte[] file) {
    int at = SnapshotFormat.PREFIX_BYTES;
    while (at + SnapshotFormat.HEAD_BYTES <= file.length) {
      int length = SnapshotFormat.getInt(file, at + 8);
      int end = at + SnapshotFormat.HEAD_BYTES + length;
      if (length < 0 || end > file.length || end < 0) {
        return;
      }
      byte[] section = Arrays.copyOfRange(file, at, end);
      SnapshotFormat.putInt(file, at + 12, SnapshotFormat.checksum(section, length));
      at = end;
    }
  }
}
