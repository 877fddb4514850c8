package io.thunderhead.app.audit;

import io.thunderhead.log.group.LedgerCounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** One group's account of one topic, over its partitions. */
public record StageAccount(
    String group, String input, String output, List<PartitionBalance> partitions) {
  public StageAccount {
    partitions = List.copyOf(partitions);
  }

  /** What the report calls it. */
  public String name() {
    return group + "/" + input;
  }

  public LedgerCounts ledger() {
    LedgerCounts sum = LedgerCounts.NONE;
    for (PartitionBalance one : partitions) {
      sum = sum.plus(one.facts().ledger());
    }
    return sum;
  }

  public long held() {
    return sum(one -> one.facts().held());
  }

  public long inFlight() {
    return sum(one -> one.facts().inFlight());
  }

  public long unaccounted() {
    return sum(PartitionBalance::unaccounted);
  }

  Map<String, Long> letters() {
    Map<String, Long> letters = new TreeMap<>();
    for (PartitionBalance one : partitions) {
      one.facts().letters().forEach((reason, n) -> letters.merge(reason, n, Long::sum));
    }
    return letters;
  }

  private long sum(ToLongFunction<PartitionBalance> what) {
    return partitions.stream().mapToLong(what).sum();
  }
}
