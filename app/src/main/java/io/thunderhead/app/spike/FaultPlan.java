package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.config.SpikeConfig.Faults;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.process.ChildRole;
import io.thunderhead.app.process.RoleFigures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * What is done to the roles while the load runs, and when. Where there are several of a role, the
 * last one is added under load and the first one, once killed, stays away. Used by one thread.
 */
final class FaultPlan {
  private static final List<String> IN_TURN =
      List.of("distribute", "work", "edge", "transform", "serve", "broker");
  private static final double ADDED = 0.08;
  private static final double FIRST = 0.2;
  private static final double LAST = 0.8;
  private static final double PAUSED = 0.38;

  private final RolePath path;
  private final RepeatWindows windows;
  private final boolean severalOfEach;
  private final Deque<Fault> coming = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();

  private enum What {
    ADD,
    KILL,
    STOP,
    CONT
  }

  private record Fault(double second, String role, What what) {}

  FaultPlan(SpikeConfig config, RolePath path, RepeatWindows windows) {
    this.path = path;
    this.windows = windows;
    this.severalOfEach = config.instances() > 1;
    List<Fault> all = new ArrayList<>();
    int seconds = config.loadSeconds();
    Faults faults = config.faults();
    if (faults.kills()) {
      if (severalOfEach) {
        all.add(new Fault(ADDED * seconds, RolePath.ANOTHER, What.ADD));
      }
      for (int i = 0; i < IN_TURN.size(); i++) {
        double part = FIRST + (LAST - FIRST) * i / (IN_TURN.size() - 1);
        all.add(new Fault(part * seconds, IN_TURN.get(i), What.KILL));
      }
    }
    if (faults.pauses()) {
      // Of several the first one is killed, so the last one is the worker that hangs.
      String worker = "work-" + config.instances();
      double start = PAUSED * seconds;
      all.add(new Fault(start, worker, What.STOP));
      all.add(new Fault(start + 1.5 * RolePath.LEASE_MS / 1000, worker, What.CONT));
    }
    all.sort(Comparator.comparingDouble(Fault::second));
    coming.addAll(all);
  }

  /** Does what is due. */
  void atSecond(double second, RoleFigures figures)
      throws IOException, InterruptedException, RoleFailedException {
    if (windows.isOpen() && path.role("broker").http().isPresent()) {
      windows.afterKill();
    }
    while (!coming.isEmpty() && coming.getFirst().second() <= second && isNextPossible()) {
      Fault fault = coming.removeFirst();
      String name =
          switch (fault.what()) {
            case ADD -> path.addAnother();
            case KILL -> kill(fault.role(), figures);
            case STOP, CONT -> {
              ChildRole role = path.role(fault.role());
              role.signal(fault.what().name());
              yield role.name();
            }
          };
      done.add("%s %s at %.0f s".formatted(fault.what(), name, second));
    }
  }

  /** One at a time: a role is killed when those before it are back, however slow the machine. */
  private boolean isNextPossible() {
    return !windows.isOpen() && (coming.getFirst().what() != What.KILL || path.isComplete());
  }

  private String kill(String name, RoleFigures figures) throws IOException, InterruptedException {
    ChildRole role = path.role(name);
    figures.read(path.roles()); // What it counts after this is not seen.
    windows.beforeKill(name, (long) figures.gauges("_spool_events").orElse(0));
    if (severalOfEach && RolePath.SEVERAL.contains(name)) {
      path.killForGood(role);
    } else {
      role.killAndStart();
    }
    if (!name.equals("broker")) {
      windows.afterKill();
    }
    return role.name();
  }

  boolean isOver() {
    return coming.isEmpty() && !windows.isOpen();
  }

  List<String> done() {
    return List.copyOf(done);
  }
}
