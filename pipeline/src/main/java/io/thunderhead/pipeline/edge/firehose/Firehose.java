package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;

/**
 * A publisher's stream of records. It knows how to connect from a cursor; when to connect again,
 * and what a record means, is its caller's business.
 *
 * <p>A cursor is a number above zero that the firehose itself chose; 0 means that there is none. It
 * grows along a connection, and connecting from it gives at least everything after it that the
 * publisher still has, perhaps some of it twice.
 */
public interface Firehose {
  /** What dead letters name as their origin: never with credentials. */
  String name();

  /** Whether records come when they happen; otherwise they are all there, and end. */
  boolean live();

  /** How many connections are to be held at once; they may bring the same records. */
  int connections();

  /**
   * Connects, and waits for the publisher's consent.
   *
   * @param connection which of the connections, from 0
   * @param cursor where the last one had come to, 0 if there was none
   * @throws RefusedException if trying again is of no use
   * @throws RetryLaterException if the publisher answered, but not with a stream
   */
  FirehoseConnection connect(int connection, long cursor) throws IOException, InterruptedException;
}
