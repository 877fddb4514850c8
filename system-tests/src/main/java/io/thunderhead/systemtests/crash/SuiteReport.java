package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the suite prints and writes: a row per fault, and every breach. */
final class SuiteReport {
  private static final String ROW = "%-4s %-52s %6s %8s %5s %10s %12s %9s";

  private final long seed;
  private final boolean shortForm;
  private final Path file;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private final List<RoundResult> rounds = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, Role.Usage> usage = new LinkedHashMap<>();

  SuiteReport(long seed, boolean shortForm, Path file, PrintStream out) {
    this.seed = seed;
    this.shortForm = shortForm;
    this.file = file;
    this.out = out;
  }

  void left(List<String> faults) {
    left.addAll(faults);
    faults.forEach(fault -> out.println("left out: " + fault));
  }

  void header() {
    out.println(
        ROW.formatted(
            "", "fault", "rounds", "events", "lost", "duplicates", "dead letters", "recover"));
  }

  void add(RoundResult round) {
    rounds.add(round);
    out.println(row(List.of(round)));
    round.breaches().forEach(breach -> out.println("     BREACH " + breach));
  }

  /** A breach that belongs to no single round. */
  void breach(String breach) {
    breaches.add(breach);
    out.println("     BREACH " + breach);
  }

  /** The most that a role has held. */
  void usage(String role, Role.Usage most) {
    usage.merge(
        role,
        most,
        (a, b) ->
            new Role.Usage(
                Math.max(a.threads(), b.threads()),
                Math.max(a.files(), b.files()),
                Math.max(a.megabytes(), b.megabytes())));
  }

  boolean sound() {
    return breaches.isEmpty() && rounds.stream().allMatch(round -> round.breaches().isEmpty());
  }

  /** The table over all rounds, one row per fault. */
  void summary() {
    Map<String, List<RoundResult>> byFault = new LinkedHashMap<>();
    for (RoundResult round : rounds) {
      byFault.computeIfAbsent(round.fault(), _ -> new ArrayList<>()).add(round);
    }
    out.println();
    header();
    byFault.values().forEach(all -> out.println(row(all)));
    out.println(row(rounds).replaceFirst("^.{57}", "%-57s".formatted("all")));
    long count =
        breaches.size() + rounds.stream().mapToLong(round -> round.breaches().size()).sum();
    out.println(
        "seed %s: %s"
            .formatted(Long.toUnsignedString(seed), count == 0 ? "sound" : count + " breaches"));
  }

  private static String row(List<RoundResult> all) {
    return ROW.formatted(
        all.getFirst().code(),
        all.getFirst().fault(),
        all.size(),
        all.stream().mapToLong(RoundResult::events).sum(),
        all.stream().mapToLong(RoundResult::lost).sum(),
        all.stream().mapToLong(RoundResult::duplicates).sum(),
        all.stream().mapToLong(RoundResult::deadLetters).sum(),
        "%.1f s".formatted(all.stream().mapToLong(RoundResult::recoverMs).max().orElse(0) / 1e3));
  }

  /** Writes what there is so far. */
  void write() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode all = json.createObjectNode();
    all.put("seed", Long.toUnsignedString(seed));
    all.put("at", Instant.now().toString());
    all.put("short", shortForm);
    all.put("minutes", (System.nanoTime() - startNanos) / 60e9);
    all.put("events_per_second", CrashSuite.RATE);
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("java", Runtime.version().toString());
    all.put("sound", sound());
    all.set("left_out", json.valueToTree(left));
    all.set("breaches", json.valueToTree(breaches));
    all.set("most_held", json.valueToTree(usage));
    all.set("rounds", json.valueToTree(rounds));
    json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), all);
  }
}
