package io.thunderhead.app.spike;

import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.process.RoleFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One run of a load through all roles, until everything has gone through. It looks at the roles'
 * metrics once a second, from outside, as any monitoring would. Used by one thread.
 */
final class Rehearsal {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Looks in a row at which nothing may wait or move any more. */
  private static final int STILL_LOOKS = 3;

  private final SpikeConfig config;
  private final RolePath path;
  private final Publisher publisher;
  private final Bend bend;
  private final FaultPlan faults;
  private final Consumer<Bend.Point> onPoint;
  private final RoleFigures figures;
  private long mostBehind;
  private double received;
  private int stillLooks;

  Rehearsal(
      SpikeConfig config,
      RolePath path,
      Publisher publisher,
      Bend bend,
      RoleFigures figures,
      RepeatWindows windows,
      Consumer<Bend.Point> onPoint) {
    this.config = config;
    this.path = path;
    this.publisher = publisher;
    this.bend = bend;
    this.figures = figures;
    this.onPoint = onPoint;
    this.faults = new FaultPlan(config, path, windows);
  }

  /**
   * Lets all roles do as much as the inside may, until their code is compiled and nothing waits:
   * what the picture shows shall be the spike, not Java's first seconds.
   *
   * @return false if a stop was requested first
   */
  boolean warmUp(StopRequest stop) throws InterruptedException, RoleFailedException {
    if (config.warmSeconds() == 0) {
      return true;
    }
    publisher.begin(second -> bend.load().innerLimit(), config.warmSeconds());
    long start = System.nanoTime();
    long limit = (config.warmSeconds() + config.drainSeconds()) * 1_000_000_000L;
    do {
      if (stop.await(LOOK_EVERY)) {
        return false;
      }
      path.throwIfGone();
      figures.read(path.roles());
      if (System.nanoTime() - start > limit) {
        throw new RoleFailedException(
            "the warm-up did not go through within --drain-seconds " + config.drainSeconds());
      }
    } while (!publisher.finished() || !nothingWaits());
    return true;
  }

  /**
   * Publishes the load and waits for all of it.
   *
   * @return false if a stop was requested first
   * @throws RoleFailedException if a role ends, or the drain's limit passes
   */
  boolean run(StopRequest stop) throws IOException, InterruptedException, RoleFailedException {
    // The first look is slow, as everything is that a process does for the first time.
    figures.read(path.roles());
    look(0);
    long start = System.nanoTime();
    publisher.begin(bend.load()::rateAt, config.loadSeconds());
    long limit = (config.loadSeconds() + config.drainSeconds()) * 1_000_000_000L;
    while (!isThrough()) {
      long sinceLook = (System.nanoTime() - start) % LOOK_EVERY.toNanos();
      if (stop.await(LOOK_EVERY.minusNanos(sinceLook))) {
        return false;
      }
      double second = (System.nanoTime() - start) / 1e9;
      look(second);
      faults.atSecond(second, figures);
      path.throwIfGone();
      if (System.nanoTime() - start > limit) {
        throw new RoleFailedException(
            "not everything went through within --drain-seconds " + config.drainSeconds());
      }
    }
    return true;
  }

  FaultPlan faults() {
    return faults;
  }

  /** The most posts that were due and could not be sent, because the edge did not take them. */
  long mostBehind() {
    return mostBehind;
  }

  private void look(double second) {
    figures.read(path.roles());
    bend.add(
        second,
        figures.lasting("thunderhead_edge_accepted_total"),
        figures.counter("thunderhead_distribute_read_total", line -> line.contains("\"fresh\"")));
    mostBehind = Math.max(mostBehind, publisher.waiting());
    double receivedNow = figures.lasting("thunderhead_edge_received_total");
    boolean still =
        publisher.finished() && faults.isOver() && receivedNow == received && nothingWaits();
    received = receivedNow;
    stillLooks = still ? stillLooks + 1 : 0;
    if (!bend.isEmpty()) {
      onPoint.accept(bend.points().getLast());
    }
  }

  private boolean nothingWaits() {
    return figures.gauges("_edge_in_flight_records").orElse(1) == 0
        && figures.gauges("_commit_lag_records").orElse(1) == 0
        && figures.gauges("_partition_lag_records").orElse(1) == 0;
  }

  /**
   * The gauges say when it is worth asking; the broker decides, for a role that was killed reports
   * no lag before its group has let it in again.
   */
  private boolean isThrough() throws InterruptedException {
    if (stillLooks < STILL_LOOKS) {
      return false;
    }
    stillLooks = 0;
    return SpikeLedger.recordsInFlight(path.kafka()) == 0;
  }
}
