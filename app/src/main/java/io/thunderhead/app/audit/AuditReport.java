package io.thunderhead.app.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of an audit.
 *
 * @param edges one account of all edges that were asked, or none
 * @param unread events of topics with a route that no group with a ledger reads, by topic
 */
public record AuditReport(
    List<EdgeAccount> edges,
    List<StageAccount> stages,
    List<OutputAccount> outputs,
    Map<String, Long> unread) {
  public AuditReport {
    edges = List.copyOf(edges);
    stages = List.copyOf(stages);
    outputs = List.copyOf(outputs);
    unread = new TreeMap<>(unread);
  }

  /** Zero, or how many events are not where they should be. */
  public long unaccounted() {
    long sum = edges.stream().mapToLong(EdgeAccount::unaccounted).sum();
    for (OutputAccount output : outputs) {
      long stagesMiss =
          stages.stream()
              .filter(stage -> stage.output().equals(output.topic()))
              .mapToLong(StageAccount::unaccounted)
              .sum();
      // What an output lacks, its stages lack too where the posts are known.
      sum += Math.max(stagesMiss, output.unaccounted());
    }
    return sum;
  }

  /** Each finding with its place. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    edges.forEach(edge -> problems.addAll(edge.problems()));
    for (StageAccount stage : stages) {
      for (PartitionBalance partition : stage.partitions()) {
        partition
            .findings()
            .forEach(finding -> problems.add(place(stage, partition) + finding.words()));
      }
    }
    outputs.forEach(output -> problems.addAll(output.problems()));
    return problems;
  }

  /** What retention hides, with its place. */
  public List<String> unseen() {
    List<String> unseen = new ArrayList<>();
    for (StageAccount stage : stages) {
      for (PartitionBalance partition : stage.partitions()) {
        partition.unseen().forEach(words -> unseen.add(place(stage, partition) + words));
      }
    }
    return unseen;
  }

  private static String place(StageAccount stage, PartitionBalance partition) {
    return "%s-%d in group %s: "
        .formatted(stage.input(), partition.facts().partition(), stage.group());
  }
}
