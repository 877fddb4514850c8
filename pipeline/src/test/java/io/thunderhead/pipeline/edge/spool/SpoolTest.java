package io.thunderhead.pipeline.edge.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final long MAX_BYTES = 1 << 20;

  @TempDir Path directory;

  @Test
  void entries_areReadInOrder_onceSynced_andGoWhenReleased() throws IOException {
    try (Spool spool = open()) {
      append(spool, 0, 12_000);
      assertThat(spool.allRead()).isFalse();
      spool.sync();
      assertThat(readAll(spool)).isEqualTo(numbers(0, 12_000));
      assertThat(spool.allRead()).isTrue();
      assertThat(spool.stats().segments()).isGreaterThan(1);
      assertThat(spool.stats().entries()).isEqualTo(12_000);
      spool.release(spool.readUpTo(), 12_000);
      assertThat(spool.stats().entries()).isZero();
      assertThat(spool.stats().sizeBytes()).isZero();
      assertThat(segments()).isEmpty();
      append(spool, 12_000, 12_010);
      spool.sync();
      assertThat(readAll(spool)).isEqualTo(numbers(12_000, 12_010));
    }
  }

  @Test
  void rewind_readsAgainWhatIsNotReleased() throws IOException {
    try (Spool spool = open()) {
      append(spool, 0, 10);
      spool.sync();
      for (int i = 0; i < 4; i++) {
        assertThat(spool.read()).isNotNull();
      }
      SpoolPosition four = spool.readUpTo();
      assertThat(readAll(spool)).hasSize(6);
      spool.release(four, 4);
      spool.rewind();
      assertThat(readAll(spool)).isEqualTo(numbers(4, 10));
    }
  }

  @Test
  void anotherProcess_findsWhatWasLeft_fromTheReleasedPlaceOn() throws IOException {
    try (Spool spool = open()) {
      append(spool, 0, 3000);
      spool.sync();
      for (int i = 0; i < 1000; i++) {
        assertThat(spool.read()).isNotNull();
      }
      spool.release(spool.readUpTo(), 1000);
    }
    try (Spool spool = open()) {
      assertThat(spool.stats().entries()).isEqualTo(2000);
      append(spool, 3000, 3100);
      spool.sync();
      assertThat(readAll(spool)).isEqualTo(numbers(1000, 3100));
    }
  }

  @Test
  void tornTail_isCutAtEveryPlace_andCounted() throws IOException {
    for (int cut = 1; cut < 20; cut++) {
      Path place = directory.resolve("cut-" + cut);
      try (Spool spool = Spool.open(place, MAX_BYTES, InstantSource.system())) {
        append(spool, 0, 10);
        spool.sync();
      }
      Path last = onlySegment(place);
      try (FileChannel file = FileChannel.open(last, StandardOpenOption.WRITE)) {
        file.truncate(file.size() - cut);
      }
      try (Spool spool = Spool.open(place, MAX_BYTES, InstantSource.system())) {
        // An entry takes 16 bytes here.
        int whole = cut <= 16 ? 9 : 8;
        assertThat(readAll(spool)).isEqualTo(numbers(0, whole));
        assertThat(spool.stats().tornBytes()).isEqualTo(Math.floorMod(-cut, 16));
        append(spool, 100, 102);
        spool.sync();
        assertThat(readAll(spool)).isEqualTo(numbers(100, 102));
      }
    }
  }

  @Test
  void damageInTheMiddle_isSetAside_andTheOtherSegmentsAreRead() throws IOException {
    try (Spool spool = open()) {
      append(spool, 0, 10_000);
      spool.sync();
    }
    Path first = segments().getFirst();
    try (FileChannel file = FileChannel.open(first, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {99}), file.size() / 2);
    }
    try (Spool spool = open()) {
      List<Long> read = readAll(spool);
      assertThat(read).isSorted().doesNotHaveDuplicates().contains(0L, 9_999L);
      assertThat(read.size()).isLessThan(10_000);
      assertThat(spool.stats().damagedSegments()).isEqualTo(1);
      assertThat(directory.resolve(first.getFileName() + ".damaged")).exists();
    }
  }

  @Test
  void fullSpool_takesNothing_untilSomethingIsReleased() throws IOException {
    try (Spool spool = open()) {
      byte[] large = new byte[200_000];
      int taken = 0;
      while (spool.append(large, 0, large.length)) {
        taken++;
      }
      assertThat(taken).isEqualTo(5);
      assertThat(spool.stats().sizeBytes()).isLessThanOrEqualTo(MAX_BYTES);
      spool.sync();
      assertThat(spool.read()).hasSize(large.length);
      spool.release(spool.readUpTo(), 1);
      assertThat(spool.append(large, 0, large.length)).isTrue();
    }
  }

  @Test
  void directory_isUsedByOneAtATime() throws IOException {
    try (Spool spool = open()) {
      assertThat(spool.allRead()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOf(SpoolException.class)
          .hasMessageContaining(directory.toString());
    }
    open().close();
  }

  @Test
  void strangeFiles_areLeftAlone() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "mine");
    Files.write(directory.resolve("0000000000000000003.spool"), new byte[] {1, 2, 3});
    Files.writeString(directory.resolve("released"), "nonsense");
    try (Spool spool = open()) {
      assertThat(spool.read()).isNull();
      append(spool, 0, 3);
      spool.sync();
      assertThat(readAll(spool)).isEqualTo(numbers(0, 3));
    }
    assertThat(directory.resolve("notes.txt")).hasContent("mine");
  }

  private Spool open() throws IOException {
    return Spool.open(directory, MAX_BYTES, InstantSource.system());
  }

  private static void append(Spool spool, long from, long to) throws IOException {
    for (long number = from; number < to; number++) {
      byte[] entry = "%08d".formatted(number).getBytes(UTF_8);
      assertThat(spool.append(entry, 0, entry.length)).isTrue();
    }
  }

  private static List<Long> readAll(Spool spool) throws IOException {
    List<Long> all = new ArrayList<>();
    for (byte[] entry = spool.read(); entry != null; entry = spool.read()) {
      all.add(Long.parseLong(new String(entry, UTF_8)));
    }
    return all;
  }

  private static List<Long> numbers(long from, long to) {
    return java.util.stream.LongStream.range(from, to).boxed().toList();
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    }
  }

  private static Path onlySegment(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(".spool")).findFirst().orElseThrow();
    }
  }
}
