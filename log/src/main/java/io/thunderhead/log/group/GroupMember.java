package io.thunderhead.log.group;

import io.thunderhead.log.ClientSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one loop: a consumer, its handler, and how far each partition is safe. It never waits
 * in front of a full handler: it pauses its partitions and goes on polling, for a member that stops
 * polling is expelled.
 *
 * <p>Everything happens on the loop's thread, except that tickets are acknowledged on producers'
 * threads; the partitions' progress looks at the tickets, never the other way round.
 */
final class GroupMember implements AutoCloseable {
  /** The longest poll: how late a stop, a commit or a timer of the handler may be. */
  private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

  /** The same while everything is paused, when only acknowledgements can change anything. */
  private static final long PAUSED_POLL_NANOS = Duration.ofMillis(5).toNanos();

  /** How often a drain looks again whether something more can be sent. */
  private static final long DRAIN_LOOK_NANOS = Duration.ofMillis(10).toNanos();

  private static final long LAG_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

  private final GroupSettings settings;
  private final int loop;
  private final BatchHandler handler;
  private final GroupMetrics metrics;
  private final LoopStatus status;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
  private final Map<TopicPartition, PartitionWatch> watches = new HashMap<>();
  private final OffsetCommits commits;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread = Thread.currentThread();

  private final ClockWatch clock = new ClockWatch(System.currentTimeMillis(), System.nanoTime());
  private final CommitFailures commitFailures = new CommitFailures();
  private boolean commitsFail;
  private boolean paused;
  private long pausedNanos;
  private long lastLagNanos = System.nanoTime();

  GroupMember(
      ClientSettings client,
      GroupSettings settings,
      int loop,
      BatchHandler handler,
      GroupMetrics metrics,
      LoopStatus status) {
    this.settings = settings;
    this.loop = loop;
    this.handler = handler;
    this.metrics = metrics;
    this.status = status;
    this.consumer = new KafkaConsumer<>(MemberSettings.consumer(client, settings, loop));
    this.commits =
        new OffsetCommits(
            consumer,
            progress,
            settings.commitInterval(),
            settings.maxUncommittedRecords() / 4,
            this::answered);
  }

  /** Reads until {@code stop}, then drains: what was read is finished, committed, and left. */
  void run(StopRequest stop) throws Exception {
    consumer.subscribe(List.of(settings.topic()), new Rebalance());
    long wait = 0;
    while (!stop.isRequested()) {
      ConsumerRecords<byte[], byte[]> records = poll(wait);
      long now = System.nanoTime();
      status.polled(now);
      for (TopicPartition partition : records.partitions()) {
        handOver(partition, records.records(partition), now);
      }
      long nextDue = handler.flushIfDue(System.nanoTime());
      throwIfFailed();
      clock.look(System.currentTimeMillis(), System.nanoTime());
      settle();
      commits.commitIfDue(System.nanoTime());
      applyBackPressure();
      report();
      wait = Math.min(paused ? PAUSED_POLL_NANOS : POLL_NANOS, nextDue);
    }
    leave(consumer.assignment());
  }

  /** Ends the run; what is safe by now is committed, the rest is read again by whoever is next. */
  @Override
  public void close() {
    // The clients can't be closed by an interrupted thread.
    boolean interrupted = Thread.interrupted();
    try {
      handler.close();
      if (!interrupted) {
        settle();
        commits.commitNow(progress);
      }
    } finally {
      forget(progress.keySet());
      metrics.inFlight(loop, 0, 0);
      closeConsumer();
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  private void closeConsumer() {
    try {
      consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    } catch (KafkaException e) {
      LOG.info("{} did not leave its group: {}", thread.getName(), e.getMessage());
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(long waitNanos) {
    try {
      return consumer.poll(Duration.ofNanos(Math.max(0, waitNanos)));
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().forEach(this::restartAtEarliest);
      return ConsumerRecords.empty();
    }
  }

  private void handOver(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long now)
      throws Exception {
    PartitionProgress partitionProgress = progress.get(partition);
    if (partitionProgress == null) {
      return; // Taken away since the fetch; its next reader gets the records.
    }
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> message : records) {
      bytes +=
          Math.max(0, message.serializedKeySize()) + Math.max(0, message.serializedValueSize());
    }
    Ticket ticket =
        new Ticket(
            records.getLast().offset() + 1, records.size(), bytes, now, this::wakeUp, this::fail);
    partitionProgress.opened(ticket);
    handler.handle(partition, records, ticket);
    ticket.acknowledged();
  }

  private void wakeUp() {
    LockSupport.unpark(thread);
  }

  private void fail(Exception cause) {
    failure.compareAndSet(null, cause);
    LockSupport.unpark(thread);
  }

  private void throwIfFailed() throws Exception {
    Exception cause = failure.get();
    if (cause != null) {
      throw cause;
    }
  }

  /** Moves each partition over what has finished. */
  private void settle() {
    progress.forEach((partition, one) ->
        one.advance(
            done -> handler.settled(partition, done.counts(), done.tookNanos() / 1_000_000_000d)));
  }

  private void answered(@Nullable Exception error) {
    if (error == null) {
      status.committed();
      commitsFail = false;
      commitFailures.succeeded();
      return;
    }
    metrics.commitFailed();
    if (Failures.isFatal(error) || commitFailures.failed(error)) {
      fail(error);
    } else if (!commitsFail) {
      // Rebalances and restarts of a broker do this; what was not committed is asked for again.
      LOG.info("{} can't commit for now: {}", thread.getName(), error.getMessage());
    }
    commitsFail = true;
  }

  private void applyBackPressure() {
    long records = 0;
    long bytes = 0;
    long uncommitted = 0;
    for (PartitionProgress one : progress.values()) {
      records += one.records();
      bytes += one.bytes();
      uncommitted += one.uncommittedRecords();
    }
    metrics.inFlight(loop, records, bytes);
    boolean full = handler.isFull();
    if (!paused) {
      paused =
          full
              || uncommitted > settings.maxUncommittedRecords()
              || bytes > settings.maxInFlightBytes();
      if (paused) {
        pausedNanos = System.nanoTime();
        pause(consumer.assignment());
      }
      return;
    }
    long now = System.nanoTime();
    metrics.backPressure(now - pausedNanos);
    pausedNanos = now;
    if (!full
        && uncommitted <= settings.maxUncommittedRecords() / 2
        && bytes <= settings.maxInFlightBytes() / 2) {
      paused = false;
      for (TopicPartition partition : consumer.paused()) {
        whileAssigned(() -> consumer.resume(Set.of(partition)));
      }
    }
  }

  private void report() {
    long now = System.nanoTime();
    long records = 0;
    long oldest = now;
    for (Map.Entry<TopicPartition, PartitionProgress> entry : progress.entrySet()) {
      PartitionProgress one = entry.getValue();
      records += one.records();
      oldest = Math.min(oldest, one.oldestOpenedNanos(now));
    }
    status.holds(progress.size(), records, records == 0 ? Long.MAX_VALUE : oldest);
    if (status.isJoining() && consumer.groupMetadata().generationId() > 0) {
      status.joined();
    }
    if (now - lastLagNanos >= LAG_INTERVAL_NANOS) {
      lastLagNanos = now;
      progress.forEach((partition, one) ->
          whileAssigned(() ->
              consumer
                  .currentLag(partition)
                  .ifPresent(unread -> reportLag(partition, one, unread, now))));
      status.concerns(concerns());
    }
  }

  private void reportLag(
      TopicPartition partition, PartitionProgress one, long unread, long nowNanos) {
    long lag = Math.max(0, unread + one.readOffset() - one.committedOffset());
    PartitionWatch watch =
        watches.computeIfAbsent(
            partition,
            p -> new PartitionWatch(one.committedOffset(), settings.stallLimit(), nowNanos));
    watch.look(one.committedOffset(), lag, nowNanos);
    metrics.lag(partition, lag, watch.stalledSeconds());
  }

  private List<String> concerns() {
    List<String> concerns = new ArrayList<>();
    watches.forEach((partition, watch) -> {
      String problem = watch.problem();
      if (problem != null) {
        concerns.add("partition " + partition + " " + problem);
      }
    });
    return concerns;
  }

  private void pause(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      whileAssigned(() -> consumer.pause(Set.of(partition)));
    }
  }

  /**
   * Does what needs the partition to be assigned, or nothing. With KIP-848 the client's own thread
   * takes the partitions of an ended session away at any moment; we are told in the next poll.
   */
  private static void whileAssigned(Runnable call) {
    try {
      call.run();
    } catch (IllegalStateException e) {
      LOG.debug("A partition left while it was being dealt with: {}", e.getMessage());
    }
  }

  /**
   * Retention overtook us, or the partition was cut: what is still there is read from its start.
   */
  private void restartAtEarliest(TopicPartition partition, long wanted) {
    PartitionProgress one = progress.get(partition);
    Long earliest = consumer.beginningOffsets(Set.of(partition)).get(partition);
    if (one == null || earliest == null) {
      return;
    }
    long skipped = Math.max(0, earliest - wanted);
    LOG.warn(
        "{} had no offset {} any more: starting again at its earliest, {}; {} offsets were deleted"
            + " before they were read",
        partition,
        wanted,
        earliest,
        skipped);
    metrics.skipped(partition, skipped);
    whileAssigned(() -> consumer.seek(partition, earliest));
    Ticket gap = new Ticket(earliest, 0, 0, System.nanoTime(), () -> {}, this::fail);
    gap.count(LedgerCounts.of(Map.of(LedgerCounts.SKIPPED, skipped)));
    gap.acknowledged();
    one.opened(gap);
  }

  /** Finishes and commits what can be in time, and forgets the partitions. */
  private void leave(Collection<TopicPartition> partitions) {
    Map<TopicPartition, PartitionProgress> leaving = new HashMap<>();
    for (TopicPartition partition : partitions) {
      PartitionProgress one = progress.get(partition);
      if (one != null) {
        leaving.put(partition, one);
      }
    }
    if (leaving.isEmpty()) {
      return;
    }
    handler.flush();
    long deadline = System.nanoTime() + settings.drainLimit().toNanos();
    settle();
    while (failure.get() == null && leaving.values().stream().anyMatch(one -> !one.isIdle())) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        LOG.info("{} leaves partitions with unacknowledged writes", thread.getName());
        break;
      }
      LockSupport.parkNanos(this, Math.min(left, DRAIN_LOOK_NANOS));
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptException("interrupted while draining");
      }
      handler.flush();
      settle();
    }
    commits.commitNow(leaving);
    forget(leaving.keySet());
  }

  private void forget(Collection<TopicPartition> partitions) {
    handler.gone(partitions);
    for (TopicPartition partition : Set.copyOf(partitions)) {
      progress.remove(partition);
      watches.remove(partition);
      metrics.gone(partition);
    }
  }

  private void begin(Collection<TopicPartition> partitions) {
    Set<TopicPartition> added = new HashSet<>(partitions);
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(added);
    Set<TopicPartition> unknown = new HashSet<>();
    for (TopicPartition partition : added) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        unknown.add(partition);
      } else {
        progress.put(
            partition, new PartitionProgress(offset.offset(), countsOf(partition, offset)));
        whileAssigned(() -> consumer.seek(partition, offset));
      }
    }
    if (!unknown.isEmpty()) {
      consumer
          .beginningOffsets(unknown)
          .forEach((partition, offset) -> {
            progress.put(partition, new PartitionProgress(offset, LedgerCounts.startingAt(offset)));
            whileAssigned(() -> consumer.seek(partition, offset));
          });
    }
    if (paused) {
      pause(added);
    }
  }

  private static LedgerCounts countsOf(TopicPartition partition, OffsetAndMetadata offset) {
    try {
      if (!offset.metadata().isEmpty()) {
        return LedgerCounts.parse(offset.metadata());
      }
    } catch (IllegalArgumentException e) {
      LOG.info("{}: the committed offset carries no ledger; counting from it", partition);
    }
    return LedgerCounts.startingAt(offset.offset());
  }

  /** Asked once per turn of the loop. */
  @FunctionalInterface
  interface StopRequest {
    boolean isRequested();
  }

  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      begin(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      leave(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      forget(partitions);
    }
  }
}
