package io.thunderhead.app.audit;

import io.thunderhead.log.group.LedgerCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One partition's account: every check that can fail, each with the number of events it can't
 * account for. The checks:
 *
 * <pre>
 *   read          = events held, from where the ledger begins to the committed offset
 *   read          = written + Σ filtered + Σ dead
 *   dead.R        = dead letters from there with reason R
 *   posts missing ≤ Σ filtered for reasons that only the stage knows
 *   skipped       = 0
 * </pre>
 *
 * Where retention has deleted from the input or the output, what can't be seen is said and not
 * counted as lost.
 */
public final class PartitionBalance {
  /**
   * Reasons that explain no missing post: the event itself shows that it is left out and has no
   * identity here, or, with {@code again}, the post stands further behind in the same topic.
   */
  private static final Set<String> EXPLAIN_NOTHING =
      Set.of("null", "nullcast", "other_event", "late_revision", "again");

  private static final String BY_SETTING = "quoted_delete";

  private static final String FILTERED = LedgerCounts.filtered("");
  private static final String DEAD = LedgerCounts.dead("");

  private final PartitionFacts facts;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> unseen = new ArrayList<>();

  /** Events that are not where they should be, and why we think so. */
  record Finding(String check, long events, String words) {}

  private PartitionBalance(PartitionFacts facts) {
    this.facts = facts;
  }

  static PartitionBalance of(PartitionFacts facts) {
    PartitionBalance balance = new PartitionBalance(facts);
    balance.checkRead();
    balance.checkOutcomes();
    balance.checkLetters();
    balance.checkOutput();
    balance.checkSkipped();
    return balance;
  }

  PartitionFacts facts() {
    return facts;
  }

  List<Finding> findings() {
    return findings;
  }

  /** What retention hides, in words. */
  List<String> unseen() {
    return unseen;
  }

  /**
   * The events that can't be accounted for. An event that was never read, one without an outcome
   * and one whose letter is gone are three events, so those checks add up. Any of them may be one
   * of the posts that the output lacks, and then it is counted once. What was skipped shows in no
   * other check.
   */
  long unaccounted() {
    long byCounts = 0;
    long byPosts = 0;
    for (Finding finding : findings) {
      switch (finding.check()) {
        case "skipped" -> {
          // Added below.
        }
        case "output" -> byPosts += finding.events();
        default -> byCounts += finding.events();
      }
    }
    return Math.max(byCounts, byPosts) + facts.ledger().get(LedgerCounts.SKIPPED);
  }

  /** The counts that start with a prefix, by what follows it. */
  static Map<String, Long> byReason(LedgerCounts ledger, String prefix) {
    Map<String, Long> byReason = new TreeMap<>();
    ledger
        .asMap()
        .forEach((name, count) -> {
          if (name.startsWith(prefix)) {
            byReason.put(name.substring(prefix.length()), count);
          }
        });
    return byReason;
  }

  static Map<String, Long> filtered(LedgerCounts ledger) {
    return byReason(ledger, FILTERED);
  }

  static Map<String, Long> dead(LedgerCounts ledger) {
    return byReason(ledger, DEAD);
  }

  private void checkRead() {
    long read = facts.ledger().read();
    long from = facts.ledger().get(LedgerCounts.FROM);
    if (facts.beginning() > from) {
      unseen.add(
          "retention has deleted offsets %d to %d: of %,d events read, %,d are still there to count"
              .formatted(
                  from, Math.min(facts.beginning(), facts.committed()) - 1, read, facts.held()));
      if (facts.held() > read) {
        find("read", facts.held() - read, "the topic holds %,d, the ledger has read only %,d");
      }
    } else if (facts.held() != read) {
      find("read", Math.abs(facts.held() - read), "the topic holds %,d, the ledger has read %,d");
    }
  }

  private void find(String check, long events, String words) {
    findings.add(new Finding(check, events, words.formatted(facts.held(), facts.ledger().read())));
  }

  private void checkOutcomes() {
    LedgerCounts ledger = facts.ledger();
    if (!ledger.addsUp()) {
      long outcomes = ledger.written() + ledger.filtered() + ledger.deadLettered();
      findings.add(
          new Finding(
              "outcomes",
              Math.abs(ledger.read() - outcomes),
              "read %,d, but written, filtered and dead are %,d"
                  .formatted(ledger.read(), outcomes)));
    }
  }

  private void checkLetters() {
    long gone = 0;
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, Long> dead : dead(facts.ledger()).entrySet()) {
      long letters = facts.letters().getOrDefault(dead.getKey(), 0L);
      if (letters < dead.getValue()) {
        gone += dead.getValue() - letters;
        words.add(
            "%s: %,d dead, but %,d letters".formatted(dead.getKey(), dead.getValue(), letters));
      }
    }
    if (gone > 0) {
      findings.add(new Finding("dead_letters", gone, String.join("; ", words)));
    }
  }

  private void checkOutput() {
    long leftOut = 0;
    long bySetting = 0;
    for (Map.Entry<String, Long> filtered : filtered(facts.ledger()).entrySet()) {
      if (filtered.getKey().equals(BY_SETTING)) {
        bySetting += filtered.getValue();
      } else if (!EXPLAIN_NOTHING.contains(filtered.getKey())) {
        leftOut += filtered.getValue();
      }
    }
    long missing =
        Math.max(0, facts.missing() - leftOut) + Math.max(0, facts.missingBySetting() - bySetting);
    if (missing <= 0) {
      return;
    }
    if (facts.outputCut()) {
      unseen.add(
          "%,d posts are not in the output, from which retention has deleted".formatted(missing));
    } else {
      findings.add(
          new Finding("output", missing, "%,d posts are not in the output".formatted(missing)));
    }
  }

  private void checkSkipped() {
    long skipped = facts.ledger().get(LedgerCounts.SKIPPED);
    if (skipped > 0) {
      findings.add(
          new Finding(
              "skipped",
              skipped,
              "retention deleted %,d offsets before they were read".formatted(skipped)));
    }
  }
}
