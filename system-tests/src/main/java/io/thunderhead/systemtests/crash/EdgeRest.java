package io.thunderhead.systemtests.crash;

/**
 * Whether the edge has nothing left: it is connected, nothing is in flight or spooled, and what it
 * has received has not grown for a while. Its source acknowledges nothing, so only it can say.
 */
final class EdgeRest {
  private static final int LOOKS = 6;

  private final Role edge;
  private double received = Double.NaN;
  private int same;

  EdgeRest(Role edge) {
    this.edge = edge;
  }

  boolean rests() {
    double now = edge.metric("thunderhead_edge_received_total");
    boolean idle =
        edge.metric("thunderhead_edge_connections") > 0
            && edge.metric("thunderhead_edge_in_flight_records") == 0
            && edge.metric("thunderhead_edge_spool_events") == 0;
    same = idle && now == received ? same + 1 : 0;
    received = now;
    return same >= LOOKS;
  }
}
