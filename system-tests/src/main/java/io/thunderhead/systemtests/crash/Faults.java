package io.thunderhead.systemtests.crash;

import io.thunderhead.systemtests.crash.Fault.Repeats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Every fault that there is, and the order in which a seed lets them happen. */
final class Faults {
  private static final Duration ANSWER = Duration.ofSeconds(90);
  private static final int FLOOD = 10;
  private static final List<String> CLOCK_MOVES = List.of("+2h", "+30d", "+0");

  private final boolean longForm;

  Faults(boolean longForm) {
    this.longForm = longForm;
  }

  /** Those that this site can have; the others are named by {@link #left}. */
  List<Fault> possible(Site site) {
    List<Fault> all = new ArrayList<>(new ProcessFaults(longForm).all());
    all.addAll(NetworkFaults.all());
    all.add(DiskFaults.damage());
    if (site.hasOwnDisk()) {
      all.addAll(DiskFaults.ofOwnDisk());
    }
    if (site.clock().canBeMoved()) {
      all.add(
          new Fault(
              "T1",
              "clocks +2 h, +30 d and back while running",
              false,
              Repeats.BY_STAGES,
              CLOCK_MOVES.size() + 1,
              Faults::moveClock));
    }
    all.add(
        new Fault(
            "P1", "hostile corpora between good events", true, Repeats.BY_NOBODY, Faults::hostile));
    all.add(new Fault("P10", "ten times the load", true, Repeats.BY_NOBODY, this::flood));
    return all.stream().filter(fault -> longForm || fault.inShort()).toList();
  }

  /** What can't be done here, and why. */
  static List<String> left(Site site) {
    List<String> left = new ArrayList<>();
    if (!site.hasOwnDisk()) {
      left.add("D1, D2: no right to mount a disk for the broker and one for the snapshots");
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

  private static void moveClock(Site site, RandomGenerator random, List<String> breaches)
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
    for (String by : CLOCK_MOVES) {
      site.clock().set(by);
      Thread.sleep(3_000);
    }
    // Under the library every look at a clock costs more, so that they are not left there.
    for (Role role : moved) {
      if (role.stop() != 0) {
        breaches.add("I9 " + role.name() + " did not end in order after its clock was moved");
      }
      role.start();
    }
    for (Role role : moved) {
      role.awaitReady();
    }
  }
}
