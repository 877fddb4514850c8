package io.thunderhead.pipeline.edge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.pipeline.edge.ingest.RecentJournal.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentJournalTest {
  private static final int WINDOW = 100;

  @TempDir Path directory;
  private Path cursorFile;

  @BeforeEach
  void nameTheFile() {
    cursorFile = directory.resolve("cursor.json");
  }

  @Test
  void keys_beyondTheSavedMark_areForgotten() throws IOException {
    Mark saved;
    try (RecentJournal journal = open(Mark.NONE)) {
      assertThat(journal.takeKnown()).isEmpty();
      saved = journal.append(keys(1, 4));
      journal.append(keys(4, 9));
    }
    try (RecentJournal journal = open(saved)) {
      assertThat(journal.takeKnown()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void openedTwiceWithoutASave_stillKnowsWhatTheMarkSays() throws IOException {
    Mark saved;
    try (RecentJournal journal = open(Mark.NONE)) {
      saved = journal.append(keys(1, 4));
    }
    for (int i = 0; i < 3; i++) {
      try (RecentJournal journal = open(saved)) {
        assertThat(journal.takeKnown()).containsExactly(1, 2, 3);
        journal.append(keys(50, 60));
      }
    }
  }

  @Test
  void itsFiles_staySmall_andTheLastTwoWindowsAreKnown() throws IOException {
    Mark mark = Mark.NONE;
    try (RecentJournal journal = open(mark)) {
      for (int i = 0; i < 1_000; i++) {
        mark = journal.append(keys(i * 7L, i * 7L + 7));
        journal.saved();
        assertThat(bytes()).isLessThan(WINDOW * 64);
      }
    }
    assertThat(mark.generation()).isGreaterThan(10);
    try (RecentJournal journal = open(mark)) {
      long[] known = journal.takeKnown();
      assertThat(known).hasSizeGreaterThanOrEqualTo(2 * WINDOW).endsWith(6_998, 6_999);
      assertThat(known).isSorted();
      journal.delete();
    }
    assertThat(bytes()).isZero();
  }

  @Test
  void file_thatIsGone_meansNothingIsKnown() throws IOException {
    try (RecentJournal journal = open(new Mark(7, 800))) {
      assertThat(journal.takeKnown()).isEmpty();
      assertThat(journal.append(keys(1, 2))).isEqualTo(new Mark(8, 8));
    }
  }

  private RecentJournal open(Mark mark) throws IOException {
    return RecentJournal.open(cursorFile, WINDOW, mark);
  }

  private static List<Long> keys(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
