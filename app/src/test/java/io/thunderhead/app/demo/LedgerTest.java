package io.thunderhead.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.firehose.FirehoseCounts;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.serving.replay.ReplayCounts;
import io.thunderhead.serving.replay.ReplayOutcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Planted losses and duplicates must be found, and what others publish must not be one. */
final class LedgerTest {
  private static final FirehoseCounts MADE =
      new FirehoseCounts(80, 5, 1, 8, 4, Map.of(RejectReason.NO_ID, 2L));

  @Test
  void disagreements_whenEverythingIsThere_areNone() {
    assertThat(ledger(100, 100, 100, 86, 2, 86).disagreements()).isEmpty();
  }

  @Test
  void disagreements_whenAnEventFailedToBePublished_nameIt() {
    assertThat(ledger(99, 99, 99, 85, 2, 85).disagreements())
        .anyMatch(line -> line.contains("acknowledged by Kafka 99"));
  }

  @Test
  void disagreements_whenTheTransformerLostOne_nameIt() {
    assertThat(ledger(100, 100, 99, 85, 2, 85).disagreements())
        .anyMatch(line -> line.contains("read by the transformer 99"))
        .anyMatch(line -> line.contains("written 85"));
  }

  @Test
  void disagreements_whenTheStoreLostOne_nameIt() {
    assertThat(ledger(100, 100, 100, 86, 2, 85).disagreements())
        .containsExactly("read by the store only 85, but written 86");
  }

  @Test
  void disagreements_whenADeadLetterIsMissing_nameIt() {
    assertThat(ledger(100, 100, 100, 86, 1, 86).disagreements())
        .containsExactly("records in the dead-letter topic only 1, but dead-lettered 2");
  }

  @Test
  void disagreements_whenOthersPublished_areNone_unlessOneIsLost() {
    Ledger ledger = ledger(100, 103, 103, 89, 2, 89);
    assertThat(ledger.disagreements()).isEmpty();
    assertThat(ledger.lines()).anyMatch(line -> line.matches(" *published by others +3"));
    assertThat(ledger(100, 103, 102, 88, 2, 88).disagreements())
        .anyMatch(line -> line.contains("read by the transformer only 102"));
  }

  private static Ledger ledger(
      long acknowledged,
      long inputRecords,
      long read,
      long written,
      long deadLetterRecords,
      long stored) {
    return new Ledger(
        MADE,
        acknowledged,
        inputRecords,
        0,
        read,
        written,
        Map.of("nullcast", 8L, "other_event", 4L, "null", 0L),
        Map.of("no_id", 2L, "bad_id", 0L),
        deadLetterRecords,
        new ReplayCounts(
            new ReplayCounts.Part(Map.of(), Map.of()),
            new ReplayCounts.Part(Map.of(ReplayOutcome.APPLIED, stored), Map.of())));
  }
}
