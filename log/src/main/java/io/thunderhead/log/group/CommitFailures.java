package io.thunderhead.log.group;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells commits that fail for now from a membership that is over without its client knowing. A
 * client whose wall clock went back, for one, sends no heartbeat until that clock has caught up;
 * the broker gives up the group, and the client goes on reading for hours what it can't commit.
 *
 * <p>Brokers that are away and rebalances are no such case, however long they take: the client
 * joins again by itself. Used by the polling thread alone.
 */
final class CommitFailures {
  /** So many in a row that the client has no answer to. */
  static final int MOST = 3;

  private int unanswered;

  void succeeded() {
    unanswered = 0;
  }

  /** Returns whether a new client is the only way on. */
  boolean failed(Exception error) {
    if (!(error instanceof RetriableException
        || error instanceof RebalanceInProgressException
        || error instanceof CommitFailedException)) {
      unanswered++;
    }
    return unanswered >= MOST;
  }
}
