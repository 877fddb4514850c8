package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.thunderhead.systemtests.crash.Fault.Repeats;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Processes that are killed, stopped, told to end, or join and leave (F1 to F10, N8). */
final class ProcessFaults {
  private static final Duration SESSION = Duration.ofSeconds(10);
  private static final Duration MOST_FOR_A_DRAIN = Duration.ofSeconds(30);
  private static final List<String> IN_GROUPS =
      List.of("transform-1", "transform-2", "transform-enriched", "distribute");

  /** How a call may end while its node stops: answered, turned away, or given up by its caller. */
  private static final Set<String> FAIR_ENDS =
      Set.of("OK", "OK_INCOMPLETE", "UNAVAILABLE", "DEADLINE_EXCEEDED");

  private final boolean longForm;

  ProcessFaults(boolean longForm) {
    this.longForm = longForm;
  }

  List<Fault> all() {
    return List.of(
        kill("transform-1", true),
        kill("transform-enriched", false),
        kill("distribute", true),
        kill("work", true),
        kill("serve", true),
        kill("edge", true),
        new Fault("F2", "kill -9 of a role every 3 s", false, Repeats.BY_STAGES, this::crashLoop),
        new Fault(
            "F3",
            "SIGSTOP of a role beyond its session",
            true,
            Repeats.BY_STAGES,
            ProcessFaults::stopBeyondSession),
        new Fault(
            "F10",
            "SIGSTOP of the workers beyond their leases",
            false,
            Repeats.BY_NOBODY,
            ProcessFaults::stopWorkers),
        new Fault("F4", "SIGSTOP of the broker", false, Repeats.BY_ALL, this::stopBroker),
        new Fault(
            "F5", "broker restarted in order", false, Repeats.BY_ALL, ProcessFaults::restartBroker),
        new Fault("F5", "broker killed -9, down a while", true, Repeats.BY_ALL, this::killBroker),
        new Fault(
            "F8",
            "SIGTERM under load, twice, and during catch-up",
            false,
            Repeats.BY_NOBODY,
            ProcessFaults::drain),
        new Fault("N8", "rebalance storm", false, Repeats.BY_STAGES, ProcessFaults::storm));
  }

  private static Fault kill(String name, boolean inShort) {
    Repeats repeats =
        IN_GROUPS.contains(name)
            ? Repeats.BY_STAGES
            : name.equals("edge") ? Repeats.BY_EDGE : Repeats.BY_NOBODY;
    return new Fault(
        "F1",
        "kill -9 of " + name,
        inShort,
        repeats,
        (site, random, _) -> {
          Role role = site.role(name);
          role.kill();
          Thread.sleep(random.nextInt(1_000));
          role.start();
          role.awaitReady();
        });
  }

  private void crashLoop(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role role = site.role(IN_GROUPS.get(random.nextInt(IN_GROUPS.size())));
    for (int i = 0; i < (longForm ? 12 : 3); i++) {
      role.kill();
      role.start();
      Thread.sleep(3_000);
    }
    role.awaitReady();
  }

  private static void stopBeyondSession(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role role = site.role(IN_GROUPS.get(random.nextInt(IN_GROUPS.size())));
    pause(role, SESSION.plusSeconds(3));
  }

  private static void stopWorkers(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    pause(site.role("work"), Duration.ofSeconds(8));
  }

  private void stopBroker(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    pause(site.role("broker"), Duration.ofSeconds(random.nextBoolean() ? 6 : 60));
  }

  private static void pause(Role role, Duration how) throws IOException, InterruptedException {
    role.signal("STOP");
    try {
      Thread.sleep(how);
    } finally {
      role.signal("CONT");
    }
  }

  private static void restartBroker(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role broker = site.role("broker");
    int exit = broker.stop();
    if (exit != 0) {
      breaches.add("I9 the broker ended with " + exit);
    }
    broker.start();
    broker.awaitReady();
  }

  private void killBroker(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role broker = site.role("broker");
    broker.kill();
    Thread.sleep(longForm && random.nextInt(3) == 0 ? 60_000 : 3_000);
    broker.start();
    broker.awaitReady();
  }

  private static void drain(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    Role loaded = site.role(IN_GROUPS.get(random.nextInt(IN_GROUPS.size())));
    endInOrder(loaded, false, breaches);
    loaded.start();
    Role serve = site.role("serve");
    endInOrder(serve, true, breaches);
    for (Map.Entry<String, JsonNode> ended : site.probe().path("byStatus").properties()) {
      if (!FAIR_ENDS.contains(ended.getKey())) {
        breaches.add("I9 a call was cut off by a drain: " + ended);
      }
    }
    long said = Files.size(serve.log());
    serve.start();
    // It is loading its snapshot, or replaying the log: whatever it does, it has to end.
    serve.awaitFirstWord(said);
    Thread.sleep(random.nextInt(2_000));
    endInOrder(serve, false, breaches);
    serve.start();
    loaded.awaitReady();
    serve.awaitReady();
  }

  private static void endInOrder(Role role, boolean twice, List<String> breaches) throws Exception {
    long start = System.nanoTime();
    role.signal("TERM");
    if (twice) {
      role.signal("TERM");
    }
    int exit = role.awaitExit();
    if (exit != 0 || System.nanoTime() - start > MOST_FOR_A_DRAIN.toNanos()) {
      breaches.add("I9 " + role.name() + " took a SIGTERM and ended with " + exit);
    }
  }

  private static void storm(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    for (int i = 0; i < 4; i++) {
      Role guest = site.guest();
      try {
        guest.awaitReady();
        Thread.sleep(random.nextInt(1_500));
      } finally {
        if (random.nextBoolean()) {
          guest.kill();
        } else if (guest.stop() != 0) {
          breaches.add("I9 a guest of the group did not end in order");
        }
      }
    }
  }
}
