package io.thunderhead.systemtests.crash;

import io.thunderhead.systemtests.crash.Link.Weather;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Every fault that there is, and the order in which a seed lets them happen. */
final class Faults {
  private static final Duration ANSWER = Duration.ofSeconds(90);
  private static final Duration SESSION = Duration.ofSeconds(10);
  private static final Duration MOST_FOR_A_DRAIN = Duration.ofSeconds(30);
  private static final int FLOOD = 10;
  private static final List<String> IN_GROUPS =
      List.of("transform-1", "transform-2", "transform-enriched", "distribute");

  private final boolean longForm;

  Faults(boolean longForm) {
    this.longForm = longForm;
  }

  /** Those that this site can have; the others are named by {@link #left}. */
  List<Fault> possible(Site site) {
    List<Fault> all = new ArrayList<>(everywhere());
    if (site.hasOwnDisk()) {
      all.add(new Fault("D1", "broker's disk full, then freed", false, true, this::fillDisk));
    }
    if (site.clock().canBeMoved()) {
      all.add(
          new Fault(
              "T1", "clocks +2 h, +30 d and back while running", false, true, this::moveClock));
    }
    return all.stream().filter(fault -> longForm || fault.inShort()).toList();
  }

  /** What can't be done here, and why. */
  static List<String> left(Site site) {
    List<String> left = new ArrayList<>();
    if (!site.hasOwnDisk()) {
      left.add("D1: no right to mount a disk for the broker");
    }
    if (!site.clock().canBeMoved()) {
      left.add("T1: faketime is not installed");
    }
    return left;
  }

  /** Each once in an order that only the seed decides; in the next turn, in another. */
  static List<Fault> turn(List<Fault> faults, long seed, int number) {
    List<Fault> order = new ArrayList<>(faults);
    Collections.shuffle(order, new Random(seed * 31 + number));
    return order;
  }

  private List<Fault> everywhere() {
    return List.of(
        kill("transform-1", true),
        kill("transform-enriched", false),
        kill("distribute", true),
        kill("work", true),
        kill("serve", true),
        kill("edge", true),
        new Fault("F2", "kill -9 of a role every 3 s", false, true, this::crashLoop),
        new Fault(
            "F3", "SIGSTOP of a role beyond its session", true, true, Faults::stopBeyondSession),
        new Fault(
            "F10", "SIGSTOP of the workers beyond their leases", false, false, Faults::stopWorkers),
        new Fault("F4", "SIGSTOP of the broker", false, true, this::stopBroker),
        new Fault("F5", "broker restarted in order", false, true, Faults::restartBroker),
        new Fault("F5", "broker killed -9, down a while", true, true, this::killBroker),
        new Fault(
            "F8", "SIGTERM under load, twice, and during catch-up", false, false, Faults::drain),
        new Fault(
            "N5", "connections to the broker reset again and again", true, true, Faults::resets),
        new Fault("N5", "connections to the broker refused", false, true, Faults::refuse),
        new Fault(
            "N5",
            "seven bytes at a time",
            false,
            true,
            (site, _, _) -> weather(site, Weather.SLICED, 5)),
        new Fault(
            "N4",
            "half-open: bytes vanish, sockets stay",
            true,
            true,
            (site, _, _) -> weather(site, Weather.DARK, 8)),
        new Fault(
            "N2",
            "slow network to the broker",
            false,
            true,
            (site, _, _) -> weather(site, Weather.SLOW, 8)),
        new Fault("N8", "rebalance storm", false, true, Faults::storm),
        new Fault("P1", "hostile corpora between good events", true, false, Faults::hostile),
        new Fault("P10", "ten times the load", true, false, this::flood));
  }

  private static Fault kill(String name, boolean inShort) {
    boolean repeats = IN_GROUPS.contains(name);
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
    long said = Files.size(serve.log());
    serve.start();
    // It is opening its parts, or replaying the log: whatever it does, it has to end.
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

  private static void resets(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    for (int i = 0; i < 15; i++) {
      site.link().reset();
      Thread.sleep(100 + random.nextInt(400));
    }
  }

  private static void refuse(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    site.link().set(Weather.REFUSING);
    site.link().reset();
    Thread.sleep(5_000);
    site.link().set(Weather.GOOD);
  }

  private static void weather(Site site, Weather weather, int seconds) throws InterruptedException {
    site.link().set(weather);
    try {
      Thread.sleep(Duration.ofSeconds(seconds));
    } finally {
      site.link().set(Weather.GOOD);
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

  private static void hostile(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    site.publisher().ask("hostile 6", ANSWER);
    Thread.sleep(1_500);
  }

  private void flood(Site site, RandomGenerator random, List<String> breaches) throws Exception {
    site.publisher().ask("rate " + CrashSuite.RATE * FLOOD, ANSWER);
    try {
      Thread.sleep(longForm ? 30_000 : 4_000);
    } finally {
      site.publisher().ask("rate " + CrashSuite.RATE, ANSWER);
    }
  }

  private void fillDisk(Site site, RandomGenerator random, List<String> breaches) throws Exception {
    Path ballast = site.disk().resolve("ballast");
    Role broker = site.role("broker");
    new ProcessBuilder("dd", "if=/dev/zero", "of=" + ballast, "bs=1M")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    Thread.sleep(8_000);
    Files.delete(ballast);
    // Kafka gives up a log directory that fails it, and with its only one, itself.
    if (broker.alive()) {
      broker.kill();
    }
    broker.start();
    broker.awaitReady();
  }

  private void moveClock(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    List<Role> moved =
        List.of(site.role("transform-1"), site.role("distribute"), site.role("work"));
    for (Role role : moved) {
      role.kill();
      role.start(site.clock().environment());
    }
    for (Role role : moved) {
      role.awaitReady();
    }
    for (String by : List.of("+2h", "+30d", "+0")) {
      site.clock().set(by);
      Thread.sleep(3_000);
    }
  }
}
