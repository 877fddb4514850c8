package io.thunderhead.app.spike;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thunderhead.app.config.SpikeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run has shown, as people and as programs read it.
 *
 * @param behind the most posts that the publisher could not get rid of in time
 * @param answered posts in the serving node's answer at the end
 * @param complaints warnings in the roles' logs, and bad exits
 */
record SpikeResult(
    SpikeConfig config,
    Bend bend,
    SpikeLedger ledger,
    long behind,
    int answered,
    List<String> faults,
    List<String> complaints) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_COMPLAINTS = 50;

  double ratio() {
    double inner = bend.sustainedInner();
    return inner == 0 ? 0 : bend.peak() / inner;
  }

  /** The sentence over the picture. */
  static String title(Bend bend, SpikeLedger ledger) {
    return "%,d posts/s in, %,d inside: %s"
        .formatted(
            round(bend.peak()),
            round(bend.sustainedInner()),
            ledger.unaccounted() == 0
                ? "it bends, and none of %,d is lost".formatted(ledger.published())
                : "%,d unaccounted for".formatted(ledger.unaccounted()));
  }

  void writeJson(Path file) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    LoadShape load = bend.load();
    json.put("unaccounted", ledger.unaccounted());
    json.put("shape", config.shape().name().toLowerCase(Locale.ROOT));
    json.put("scale", load.scale());
    json.put("seconds", load.seconds());
    json.put("warm_seconds", config.warmSeconds());
    json.put("instances", config.instances());
    json.put("enrichers", String.join(",", config.enrichers()));
    json.put("peak_rate", round(bend.peak()));
    json.put("sustained_rate", round(bend.sustainedInner()));
    json.put("ratio", Math.round(ratio() * 100) / 100.0);
    json.put("planned_steady_rate", round(load.steady()));
    json.put("planned_peak_rate", round(load.peak()));
    json.put("inner_limit", load.innerLimit());
    json.put("most_waiting", round(bend.mostBacklog()));
    json.put("drain_seconds", Math.round(bend.drainSeconds() * 10) / 10.0);
    json.put("publisher_behind", behind);
    ObjectNode counts = json.putObject("counts");
    counts.put("published", ledger.published());
    counts.put("accepted", ledger.accepted());
    counts.put("enriched", ledger.enriched());
    counts.put("written", ledger.written());
    counts.put("in_flight", ledger.inFlight());
    counts.put("twice", ledger.twice());
    counts.put("answered", answered);
    ObjectNode repeats = json.putObject("repeats");
    for (Repeats one : ledger.repeats()) {
      repeats.putObject(one.topic()).put("twice", one.twice()).put("window", one.window());
    }
    json.set("faults", JSON.valueToTree(faults));
    json.set("problems", JSON.valueToTree(ledger.problems()));
    json.put("warnings", complaints.size());
    json.set(
        "complaints",
        JSON.valueToTree(complaints.subList(0, Math.min(MAX_COMPLAINTS, complaints.size()))));
    ObjectNode machine = json.putObject("machine");
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("jdk", Runtime.version().toString());
    ArrayNode samples = json.putArray("samples");
    for (Bend.Point point : bend.points()) {
      samples
          .addArray()
          .add(Math.round(point.second() * 10) / 10.0)
          .add(round(point.edge()))
          .add(round(point.inner()))
          .add(round(point.backlog()));
    }
    JSON.writeValue(file.toFile(), json);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("published", ledger.published()));
    lines.add(line("accepted by the edge", ledger.accepted()));
    lines.add(line("enriched", ledger.enriched()));
    lines.add(line("written for the serving nodes", ledger.written()));
    ledger
        .repeats()
        .forEach(one ->
            lines.add(
                "  %-32s %,14d of %,d that it may"
                    .formatted("twice in " + one.topic(), one.twice(), one.window())));
    lines.add(line("still under way", ledger.inFlight()));
    lines.add("");
    lines.add(line("most at the edge, per second", round(bend.peak())));
    lines.add(line("sustained inside, per second", round(bend.sustainedInner())));
    lines.add("  %-32s %14.2f".formatted("times the inside's rate", ratio()));
    lines.add(line("most waiting in Kafka", round(bend.mostBacklog())));
    lines.add("  %-32s %,14.0f".formatted("seconds to drain", bend.drainSeconds()));
    faults.forEach(fault -> lines.add("  " + fault));
    if (!complaints.isEmpty()) {
      lines.add("");
      lines.add("  %d lines of the roles' logs want attention".formatted(complaints.size()));
    }
    ledger.problems().forEach(problem -> lines.add("  - " + problem));
    lines.add("");
    lines.add("  unaccounted: " + ledger.unaccounted());
    return lines;
  }

  private static long round(double value) {
    return Math.round(value);
  }

  private static String line(String what, long count) {
    return "  %-32s %,14d".formatted(what, count);
  }
}
