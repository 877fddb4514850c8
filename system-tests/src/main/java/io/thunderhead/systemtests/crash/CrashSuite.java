package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code system-tests/crash}: lets one fault after another happen while events flow, and after each
 * has everything checked from outside. The seed decides faults, their order and their moments, and
 * replays them; what the threads of eight processes make of it, no seed decides.
 */
@Command(
    name = "crash",
    mixinStandardHelpOptions = true,
    description = {
      "Roles as processes under faults; what came out is held against a foreign ledger.",
      "Exit code 1 on any breach of an invariant (docs/reliability.md)."
    })
public final class CrashSuite implements Callable<Integer> {
  /** Events a second over all publishers; ten times as many in the flood. */
  static final int RATE = 300;

  private static final Duration THROUGH_LIMIT = Duration.ofSeconds(150);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final Duration CHECK_LIMIT = Duration.ofMinutes(3);
  private static final Duration SOAK = Duration.ofMinutes(8);
  private static final int MOST_OPEN_CALLS = 100;
  private static final int MOST_THREADS = 150;
  private static final int MOST_FILES = 1_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Replays a run's faults. Default: a new one, which is printed.")
  private @Nullable Long givenSeed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "30",
      description =
          "How long new faults begin, hours if you like: turn after turn, or with --short one turn."
              + " [${DEFAULT-VALUE}]")
  private double minutes;

  @Option(
      names = "--short",
      description = "The faults that matter most, once each, in some eight minutes.")
  private boolean shortForm;

  @Option(
      names = "--only",
      paramLabel = "WORDS",
      split = ",",
      description =
          "Only faults of these codes, or whose name contains one of these; commas between.")
  private List<String> only = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "crash.json",
      description = "Where the result is written. [${DEFAULT-VALUE}]")
  private Path result = Path.of("crash.json");

  @Option(
      names = "--keep",
      description = "Keeps ledger and logs of a sound run too; those of another are always kept.")
  private boolean keep;

  private final Path root;
  private final PrintStream out;

  CrashSuite(Path root, PrintStream out) {
    this.root = root;
    this.out = out;
  }

  /** The first argument is the root of the clone. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    CrashSuite suite = new CrashSuite(Path.of(arguments[0]).toAbsolutePath(), out);
    String[] flags = Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(new CommandLine(suite).execute(flags));
  }

  @Override
  public Integer call() throws Exception {
    long seed = Objects.requireNonNullElseGet(givenSeed, () -> System.nanoTime() >>> 10);
    out.println("seed " + Long.toUnsignedString(seed) + " (replay: --seed)");
    checkTheChecker();
    Path directory = Files.createTempDirectory("thunderhead-crash-");
    out.println("ledger and logs: " + directory);
    SuiteReport report = new SuiteReport(seed, shortForm, result, out);
    try (Site site = new Site(root, directory, seed)) {
      run(site, seed, report);
    }
    report.summary();
    report.write();
    if (report.sound() && !keep) {
      delete(directory);
    }
    return report.sound() ? 0 : 1;
  }

  /** A checker that does not find breaches that were planted would call everything sound. */
  private void checkTheChecker() throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("node", "--test", "crash/")
            .directory(root.resolve("system-tests/clients").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("the checker misses breaches that were planted: node --test crash/");
    }
  }

  private void run(Site site, long seed, SuiteReport report) throws Exception {
    Faults faults = new Faults(!shortForm);
    if (!shortForm) {
      report.left(Faults.left(site));
    }
    List<Fault> possible =
        faults.possible(site).stream()
            .filter(fault -> only.isEmpty() || only.stream().anyMatch(fault::isCalled))
            .toList();
    report.header();
    Rounds rounds = new Rounds(site, new SplittableRandom(seed), report);
    rounds.one(new Fault("-", "nothing at all", true, Fault.Repeats.BY_NOBODY, (_, _, _) -> {}));
    long end = System.nanoTime() + (long) (minutes * 60e9);
    for (int turn = 0; turn == 0 || (!shortForm && System.nanoTime() < end); turn++) {
      for (Fault fault : Faults.turn(possible, seed, turn)) {
        if (System.nanoTime() < end) {
          rounds.one(fault);
        }
      }
    }
    rounds.end();
  }

  private static void delete(Path directory) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
  }

  /** The rounds of one run: a fault under load, then quiet, then the check. */
  private static final class Rounds {
    private final Site site;
    private final SplittableRandom random;
    private final SuiteReport report;
    private final Watch watch = new Watch();
    private final LogWatch logs = new LogWatch();
    private final Soak soak = new Soak(SOAK);
    private String runFirst = "";
    private String first = "";
    private int round;

    Rounds(Site site, SplittableRandom random, SuiteReport report) {
      this.site = site;
      this.random = random;
      this.report = report;
    }

    void one(Fault fault) throws Exception {
      List<String> breaches = new ArrayList<>();
      round++;
      long start = System.nanoTime();
      JsonNode begun = site.publisher().ask("round " + round, ANSWER_LIMIT);
      first = begun.get("nextId").asText();
      runFirst = runFirst.isEmpty() ? first : runFirst;
      Thread.sleep(500 + random.nextInt(1_500));
      fault.course().run(site, random, breaches);
      long repairedMs = System.currentTimeMillis();
      Thread.sleep(1_000);
      JsonNode held = site.publisher().ask("hold", ANSWER_LIMIT);
      long recoverMs = awaitThrough(repairedMs, breaches);
      JsonNode checked = check(fault, held.get("nextId").asText());
      for (JsonNode breach : checked.get("breaches")) {
        breaches.add(
            "%s %s, %d times: %s"
                .formatted(
                    breach.get("invariant").asText(),
                    breach.get("what").asText(),
                    breach.get("count").asInt(),
                    breach.get("examples")));
      }
      logs.look(site.roles(), Math.max(1, (System.nanoTime() - start) / 1e9), breaches);
      look(breaches);
      report.add(
          new RoundResult(
              round,
              fault.code(),
              fault.name(),
              checked.get("events").asLong(),
              checked.get("lost").asLong(),
              checked.get("duplicates").asLong(),
              checked.get("repeatedByPublisher").asLong(),
              checked.get("repeatedByEdge").asLong(),
              checked.get("letters").asLong(),
              recoverMs,
              List.copyOf(breaches)));
      report.write(); // A run of hours may be cut off.
    }

    /** Waits until everything is through; returns how long after the repair that was. */
    private long awaitThrough(long repairedMs, List<String> breaches) throws Exception {
      watch.startAgain();
      long heldMs = System.currentTimeMillis();
      long limitMs = heldMs + THROUGH_LIMIT.toMillis();
      EdgeRest edge = new EdgeRest(site.role("edge"));
      boolean edgeRests = false;
      boolean through = false;
      while (!through || !edgeRests) {
        if (System.currentTimeMillis() > limitMs) {
          breaches.add(
              "I11 not everything is through after %d s: %s"
                  .formatted(THROUGH_LIMIT.toSeconds(), site.watcher().latest()));
          break;
        }
        Thread.sleep(200);
        boolean restedBefore = edgeRests;
        edgeRests = edge.rests();
        if (edgeRests && !restedBefore) {
          watch.startAgain(); // What the edge has only now written has to go through as well.
          heldMs = System.currentTimeMillis();
        }
        through = watch.isThrough(site.watcher().latest(), heldMs, breaches) && edgeRests;
      }
      return System.currentTimeMillis() - repairedMs;
    }

    private JsonNode check(Fault fault, String behindLast) throws Exception {
      long last = Long.parseLong(behindLast) - 1;
      try (ForeignProgram checker =
          site.program(
              "check.mjs",
              "--bootstrap",
              site.kafka(),
              "--dir",
              site.directory().toString(),
              "--round",
              Integer.toString(round),
              "--first",
              first,
              "--last",
              Long.toString(last),
              "--runFirst",
              runFirst,
              "--addr",
              site.grpc(),
              "--proto",
              site.protos(),
              "--maxDuplicates",
              Integer.toString(fault.maxDuplicates()),
              "--maxDuplicatesOfEdge",
              Integer.toString(fault.maxDuplicatesOfEdge()),
              "--enrichers",
              Integer.toString(Site.ENRICHERS),
              "--hostile",
              fault.code().equals("P1") ? "1" : "0")) {
        return checker.answer(CHECK_LIMIT);
      }
    }

    /**
     * Calls that never ended or ended late (I8), answers that lied (I7), and what roles hold (I10).
     */
    private void look(List<String> breaches) {
      JsonNode probe = site.probe();
      if (probe.path("calls").asLong() - probe.path("ended").asLong() > MOST_OPEN_CALLS) {
        breaches.add("I8 calls that never end: " + probe);
      }
      if (probe.path("late").asLong() > 0) {
        breaches.add("I8 calls that end after their deadline and a quarter of a second: " + probe);
      }
      if (probe.path("short").asLong() > 0) {
        breaches.add("I7 answers that call themselves complete and lack posts: " + probe);
      }
      for (Role role : site.roles()) {
        Role.Usage usage = role.usage();
        report.usage(role.name(), usage);
        if (usage.threads() > MOST_THREADS || usage.files() > MOST_FILES) {
          breaches.add("I10 " + role.name() + " holds " + usage);
        }
        soak.look(role, usage, breaches);
      }
    }

    /** Our own audit as one more opinion, and an orderly end of everybody. */
    void end() throws Exception {
      Path log = site.directory().resolve("audit.log");
      Process audit =
          new ProcessBuilder(
                  Role.thunderhead(
                      Path.of(site.protos()).resolve("../../../..").normalize(),
                      "audit",
                      "--bootstrap-servers",
                      site.kafka()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (audit.waitFor() != 0) {
        report.breach("I1 thunderhead audit does not add up: see " + log);
      }
      for (Role role : site.roles().reversed()) {
        int exit = role.stop();
        if (exit != 0) {
          report.breach("I9 " + role.name() + " took a SIGTERM and ended with " + exit);
        }
      }
    }
  }
}
