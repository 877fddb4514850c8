package io.thunderhead.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.log.group.LedgerCounts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker is held to what it must find: each fault is planted alone into a sound account. */
final class PartitionBalanceTest {
  private static final String LEDGER =
      "from=0;read=100;written=90;filtered.nullcast=3;filtered.quoted_delete=2;dead.no_id=5";

  private static PartitionBalance balance(
      String ledger, long beginning, long held, long letters, long missing, boolean outputCut) {
    return balance(ledger, beginning, held, letters, missing, 0, outputCut);
  }

  private static PartitionBalance balance(
      String ledger,
      long beginning,
      long held,
      long letters,
      long missing,
      long missingBySetting,
      boolean outputCut) {
    return PartitionBalance.of(
        new PartitionFacts(
            0,
            LedgerCounts.parse(ledger),
            100,
            beginning,
            held,
            0,
            Map.of("no_id", letters),
            missing,
            missingBySetting,
            outputCut));
  }

  private static List<String> checks(PartitionBalance balance) {
    return balance.findings().stream().map(PartitionBalance.Finding::check).toList();
  }

  @Test
  void of_aSoundAccount_findsNothing() {
    PartitionBalance sound = balance(LEDGER, 0, 100, 5, 0, 2, false);
    assertThat(sound.findings()).isEmpty();
    assertThat(sound.unseen()).isEmpty();
    assertThat(sound.unaccounted()).isZero();
  }

  @Test
  void of_anEventThatWasNeverRead_findsIt() {
    PartitionBalance lost = balance(LEDGER, 0, 101, 5, 0, false);
    assertThat(checks(lost)).containsExactly("read");
    assertThat(lost.unaccounted()).isEqualTo(1);
  }

  @Test
  void of_eventsCountedTwice_findsThem() {
    PartitionBalance twice = balance(LEDGER, 0, 93, 5, 0, false);
    assertThat(checks(twice)).containsExactly("read");
    assertThat(twice.unaccounted()).isEqualTo(7);
  }

  @Test
  void of_aLedgerThatDoesNotAddUp_findsTheDifference() {
    PartitionBalance off = balance("from=0;read=100;written=94;dead.no_id=5", 0, 100, 5, 0, false);
    assertThat(checks(off)).containsExactly("outcomes");
    assertThat(off.unaccounted()).isEqualTo(1);
  }

  @Test
  void of_aDeadLetterThatIsNotThere_findsIt() {
    PartitionBalance gone = balance(LEDGER, 0, 100, 4, 0, false);
    assertThat(checks(gone)).containsExactly("dead_letters");
    assertThat(gone.unaccounted()).isEqualTo(1);
  }

  @Test
  void of_aLetterMore_findsNothing() {
    assertThat(balance(LEDGER, 0, 100, 6, 0, false).findings()).isEmpty();
  }

  @Test
  void of_postsMissingInTheOutput_findsThoseThatNoFilterExplains() {
    PartitionBalance lost = balance(LEDGER, 0, 100, 5, 4, 3, false);
    assertThat(checks(lost)).containsExactly("output");
    assertThat(lost.unaccounted()).isEqualTo(5);
  }

  @Test
  void of_aPostLost_whereQuotedDeletesLeftOutAreInTheOutputAllTheSame_findsIt() {
    PartitionBalance lost = balance(LEDGER, 0, 100, 5, 1, 0, false);
    assertThat(lost.unaccounted()).isEqualTo(1);
  }

  @Test
  void of_aLatePostLost_whereOthersWereTriedAgain_findsIt() {
    String ledger = "from=0;read=100;written=90;filtered.again=10";
    assertThat(balance(ledger, 0, 100, 0, 1, 0, false).unaccounted()).isEqualTo(1);
  }

  @Test
  void of_postsMissingInAnOutputThatWasCut_saysThatItCannotSee() {
    PartitionBalance cut = balance(LEDGER, 0, 100, 5, 6, true);
    assertThat(cut.findings()).isEmpty();
    assertThat(cut.unseen()).singleElement().asString().contains("retention");
  }

  @Test
  void of_skippedOffsets_countsEveryOneAsLost() {
    PartitionBalance skipped = balance(LEDGER + ";skipped=40", 0, 100, 5, 0, false);
    assertThat(checks(skipped)).containsExactly("skipped");
    assertThat(skipped.unaccounted()).isEqualTo(40);
  }

  @Test
  void of_anInputThatWasCut_saysWhatItCannotSee_butNotMoreThanWasRead() {
    PartitionBalance cut = balance(LEDGER, 60, 40, 5, 0, false);
    assertThat(cut.findings()).isEmpty();
    assertThat(cut.unseen()).singleElement().asString().contains("0 to 59");
    assertThat(balance(LEDGER, 60, 101, 5, 0, false).unaccounted()).isEqualTo(1);
  }

  @Test
  void of_oneLossThatTwoChecksSee_countsItOnce() {
    PartitionBalance lost = balance(LEDGER, 0, 103, 5, 3, false);
    assertThat(checks(lost)).containsExactly("read", "output");
    assertThat(lost.unaccounted()).isEqualTo(3);
  }

  @Test
  void of_lossesThatMustBeDifferentEvents_addsThemUp() {
    PartitionBalance lost = balance(LEDGER, 0, 103, 4, 1, false);
    assertThat(checks(lost)).containsExactly("read", "dead_letters", "output");
    assertThat(lost.unaccounted()).isEqualTo(4);
  }
}
