package io.thunderhead.app.audit;

import io.thunderhead.log.group.LedgerCounts;
import java.util.Map;

/**
 * What the ledger says about one partition of a stage's input, beside what the topics hold.
 *
 * @param committed up to where the ledger counts
 * @param beginning the first offset that retention has left
 * @param held events in the input from where the ledger begins up to {@code committed}, as far as
 *     they are still there
 * @param inFlight events behind {@code committed}: not handled yet, or not committed
 * @param letters dead letters whose origin the ledger covers, each once, by reason
 * @param missing posts among the events held that are neither in the output nor dead-lettered
 * @param missingBySetting the same of events that a setting may tell a stage to leave out
 * @param outputCut whether retention has deleted from the output, so that what is missing may have
 *     been there
 */
record PartitionFacts(
    int partition,
    LedgerCounts ledger,
    long committed,
    long beginning,
    long held,
    long inFlight,
    Map<String, Long> letters,
    long missing,
    long missingBySetting,
    boolean outputCut) {
  PartitionFacts {
    letters = Map.copyOf(letters);
  }
}
