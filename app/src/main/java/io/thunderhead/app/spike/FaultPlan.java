package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig.Faults;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What is done to the roles while the load runs, and when. Used by one thread. */
final class FaultPlan {
  private static final List<String> IN_TURN =
      List.of("distribute", "work", "edge", "transform", "serve", "broker");
  private static final double FIRST = 0.2;
  private static final double LAST = 0.8;

  private final RolePath path;
  private final Deque<Fault> coming = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();

  private record Fault(double second, String role, String what) {}

  FaultPlan(Faults faults, int seconds, RolePath path) {
    this.path = path;
    switch (faults) {
      case NONE -> {
        // Nothing comes.
      }
      case KILL -> {
        for (int i = 0; i < IN_TURN.size(); i++) {
          double part = FIRST + (LAST - FIRST) * i / (IN_TURN.size() - 1);
          coming.add(new Fault(part * seconds, IN_TURN.get(i), "KILL"));
        }
      }
      case PAUSE -> {
        double start = 0.3 * seconds;
        coming.add(new Fault(start, "work", "STOP"));
        coming.add(new Fault(start + 1.5 * RolePath.LEASE_MS / 1000, "work", "CONT"));
      }
    }
  }

  /** Does what is due. */
  void atSecond(double second) throws IOException, InterruptedException {
    while (!coming.isEmpty() && coming.getFirst().second() <= second) {
      Fault fault = coming.removeFirst();
      ChildRole role = path.role(fault.role());
      if (fault.what().equals("KILL")) {
        role.killAndStart();
      } else {
        role.signal(fault.what());
      }
      done.add("%s %s at %.0f s".formatted(fault.what(), role.name(), second));
    }
  }

  boolean isOver() {
    return coming.isEmpty();
  }

  List<String> done() {
    return List.copyOf(done);
  }
}
