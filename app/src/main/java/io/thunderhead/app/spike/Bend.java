package io.thunderhead.app.spike;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The course of a run, a point about every second. Written by one thread, read by any. */
final class Bend {
  private final LoadShape load;
  private final List<Point> points = new ArrayList<>();
  private boolean began;
  private double lastSecond;
  private double lastEdge;
  private double lastInner;

  /**
   * One moment.
   *
   * @param second since the load began
   * @param edge posts a second that the edge took in, since the last point
   * @param inner posts a second that left the inner component, since the last point
   * @param backlog posts taken in that have not left it
   */
  record Point(double second, double edge, double inner, double backlog) {}

  Bend(LoadShape load) {
    this.load = load;
  }

  LoadShape load() {
    return load;
  }

  /** Adds what the counters stand at. */
  synchronized void add(double second, double accepted, double left) {
    if (began && second > lastSecond) {
      double span = second - lastSecond;
      points.add(
          new Point(
              second,
              Math.max(0, accepted - lastEdge) / span,
              Math.max(0, left - lastInner) / span,
              Math.max(0, accepted - left)));
    }
    began = true;
    lastSecond = second;
    lastEdge = accepted;
    lastInner = left;
  }

  synchronized List<Point> points() {
    return List.copyOf(points);
  }

  synchronized boolean isEmpty() {
    return points.isEmpty();
  }

  /** The most that the edge took in over one point's time. */
  double peak() {
    return most(Point::edge);
  }

  double mostBacklog() {
    return most(Point::backlog);
  }

  /** What the inside did while it had more to do than it could: the median of those points. */
  double sustainedInner() {
    double[] busy =
        points().stream()
            .filter(point -> point.backlog() > load.innerLimit())
            .mapToDouble(Point::inner)
            .sorted()
            .toArray();
    return busy.length == 0 ? most(Point::inner) : busy[busy.length / 2];
  }

  /**
   * From the end of the spike until the inside was less than half a second behind again; 0 if it
   * never was more, -1 if it never caught up.
   */
  double drainSeconds() {
    double caughtUp = load.steady() / 2 + 1;
    double behindUntil = -1;
    List<Point> all = points();
    for (Point point : all) {
      if (point.second() >= load.spikeEnd() && point.backlog() > caughtUp) {
        behindUntil = point.second();
      }
    }
    if (behindUntil < 0) {
      return 0;
    }
    double last = all.getLast().second();
    return behindUntil >= last ? -1 : behindUntil - load.spikeEnd();
  }

  private double most(ToDoubleFunction<Point> what) {
    return points().stream().mapToDouble(what).max().orElse(0);
  }
}
