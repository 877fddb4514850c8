package io.thunderhead.app.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thunderhead.log.group.LedgerCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A report as people and as programs read it. */
final class AuditText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AuditText() {}

  static String json(AuditReport report) {
    ObjectNode json = JSON.createObjectNode();
    json.put("unaccounted", report.unaccounted());
    ObjectNode edges = json.putObject("edges");
    for (EdgeAccount edge : report.edges()) {
      edges
          .putObject(edge.topic())
          .put("accepted", edge.accepted())
          .put("events", edge.events())
          .put("distinct", edge.distinct())
          .put("twice", edge.twice())
          .put("refused_by_topic", edge.refused())
          .put("spooled", edge.spooled())
          .put("unaccounted", edge.unaccounted());
    }
    ObjectNode stages = json.putObject("stages");
    for (StageAccount stage : report.stages()) {
      ObjectNode one = stages.putObject(stage.name());
      one.put("input", stage.input()).put("output", stage.output());
      put(one, stage.ledger());
      one.put("in_flight", stage.inFlight());
      one.put("unaccounted", stage.unaccounted());
      ObjectNode partitions = one.putObject("partitions");
      for (PartitionBalance partition : stage.partitions()) {
        PartitionFacts facts = partition.facts();
        ObjectNode row = partitions.putObject(Integer.toString(facts.partition()));
        row.put("committed", facts.committed());
        put(row, facts.ledger());
        row.put("in_flight", facts.inFlight());
        row.put("unaccounted", partition.unaccounted());
      }
    }
    ObjectNode outputs = json.putObject("outputs");
    for (OutputAccount output : report.outputs()) {
      outputs
          .putObject(output.topic())
          .put("events", output.events())
          .put("distinct", output.distinct())
          .put("late", output.late())
          .put("written", output.written())
          .put("surplus", output.surplus())
          .put("unaccounted", output.unaccounted());
    }
    json.set("unread_records", JSON.valueToTree(report.unread()));
    json.set("problems", JSON.valueToTree(report.problems()));
    json.set("unseen", JSON.valueToTree(report.unseen()));
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(ObjectNode json, LedgerCounts ledger) {
    json.put("read", ledger.read()).put("written", ledger.written());
    json.set("filtered", JSON.valueToTree(PartitionBalance.filtered(ledger)));
    json.set("dead", JSON.valueToTree(PartitionBalance.dead(ledger)));
  }

  static List<String> lines(AuditReport report) {
    List<String> lines = new ArrayList<>();
    if (report.stages().isEmpty()) {
      lines.add("  No group's offsets carry a ledger: nothing has been read yet.");
    }
    report.edges().forEach(edge -> addEdges(lines, edge));
    report.stages().forEach(stage -> addStage(lines, stage));
    report.outputs().forEach(output -> addOutput(lines, output));
    report
        .unread()
        .forEach((topic, records) ->
            lines.add("  %s: %,d records that nobody has read".formatted(topic, records)));
    addAll(lines, "  Where retention hides something:", report.unseen());
    addAll(lines, "  What does NOT add up:", report.problems());
    lines.add("");
    lines.add("  unaccounted: " + report.unaccounted());
    return lines;
  }

  private static void addEdges(List<String> lines, EdgeAccount edge) {
    lines.add("  edges → " + edge.topic());
    lines.add(line("accepted", edge.accepted()));
    lines.add(line("  in the topic, different ones", edge.distinct()));
    lines.add(line("  refused by the topic", edge.refused()));
    lines.add(line("  in the spools", edge.spooled()));
    lines.add(line("twice in the topic", edge.twice()));
    lines.add(line("unaccounted", edge.unaccounted()));
    lines.add("");
  }

  private static void addStage(List<String> lines, StageAccount stage) {
    LedgerCounts ledger = stage.ledger();
    lines.add("  %s → %s, group %s".formatted(stage.input(), stage.output(), stage.group()));
    lines.add(line("read", ledger.read()));
    lines.add(line("  written", ledger.written()));
    positive(PartitionBalance.filtered(ledger), lines, "  filtered: ");
    positive(PartitionBalance.dead(ledger), lines, "  dead: ");
    lines.add(line("in flight", stage.inFlight()));
    lines.add(line("unaccounted", stage.unaccounted()));
    lines.add(
        "    %9s %12s %12s %12s %9s %9s %9s %6s"
            .formatted(
                "partition",
                "committed",
                "read",
                "written",
                "filtered",
                "dead",
                "in flight",
                "lost"));
    for (PartitionBalance partition : stage.partitions()) {
      PartitionFacts facts = partition.facts();
      lines.add(
          "    %9d %,12d %,12d %,12d %,9d %,9d %,9d %,6d"
              .formatted(
                  facts.partition(),
                  facts.committed(),
                  facts.ledger().read(),
                  facts.ledger().written(),
                  facts.ledger().filtered(),
                  facts.ledger().deadLettered(),
                  facts.inFlight(),
                  partition.unaccounted()));
    }
    lines.add("");
  }

  private static void addOutput(List<String> lines, OutputAccount output) {
    lines.add("  " + output.topic());
    lines.add(line("events", output.events()));
    lines.add(line("  distinct", output.distinct()));
    lines.add(line("  written by the ledgers", output.written()));
    lines.add(line("  twice, uncommitted or others'", output.surplus()));
    lines.add("");
  }

  private static void positive(Map<String, Long> counts, List<String> lines, String prefix) {
    counts.forEach((reason, n) -> {
      if (n > 0) {
        lines.add(line(prefix + reason, n));
      }
    });
  }

  private static void addAll(List<String> lines, String title, List<String> items) {
    if (!items.isEmpty()) {
      lines.add("");
      lines.add(title);
      items.forEach(item -> lines.add("  - " + item));
    }
  }

  private static String line(String what, long count) {
    return "    %-34s %,14d".formatted(what, count);
  }
}
