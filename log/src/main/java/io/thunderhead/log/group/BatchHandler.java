package io.thunderhead.log.group;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What one loop of a {@link GroupReader} does with what it reads. Every method is called on that
 * loop's thread, which also polls: none may wait for the outside longer than a few seconds.
 *
 * <p>A handler lives as long as its loop's run. When anything fails the handler is closed, and a
 * new one starts again behind the last offset that is safe.
 */
public interface BatchHandler extends AutoCloseable {
  /**
   * Takes over one partition's records of a poll, in order. The ticket finishes when this returns
   * and everything that retained it has been acknowledged.
   *
   * @throws Exception ends the run
   */
  void handle(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket)
      throws Exception;

  /**
   * Called after every poll, also an empty one.
   *
   * @return in how many nanoseconds it should be called again; {@link Long#MAX_VALUE} for no matter
   */
  long flushIfDue(long nowNanos);

  /**
   * Sends everything that waits, because partitions are about to leave or the loop to stop; called
   * again until their batches have finished or the drain limit is over.
   */
  void flush();

  /**
   * Whether it wants no more records now. While it does, its partitions are paused and polling goes
   * on; what was polled already still comes.
   */
  default boolean isFull() {
    return false;
  }

  /**
   * These partitions belong to somebody else from now on. Whatever of theirs has not finished is
   * read again by the next owner, so it should be dropped here.
   */
  default void gone(Collection<TopicPartition> partitions) {}

  /** A batch finished, and so did every earlier one of its partition; also called once closed. */
  default void settled(TopicPartition partition, LedgerCounts counts, double tookSeconds) {}

  /** Gives up at once; nothing more is handed over, and open tickets need not finish. */
  @Override
  void close();

  /** Makes the handler of each run. */
  @FunctionalInterface
  interface Factory {
    /**
     * Makes a handler for one run of a loop, on that loop's thread.
     *
     * @param loop which of the reader's loops, from 0; no two live handlers have the same
     */
    BatchHandler open(int loop) throws Exception;
  }
}
