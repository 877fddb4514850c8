package io.thunderhead.log.write;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.write.ProducerSettings.QueueFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * An application's way to send events of type {@code T} to any topics, many events per record.
 * Thread-safe. A failed event is told of, not tried again: Kafka's client has done that for two
 * minutes, and later events of its key may be in the log.
 *
 * <pre>
 *   send ─▶ beforeEnqueue ─▶ room? ─▶ lane = murmur2(key) mod lanes
 *                                     ├─ lane 0: batch ─▶ beforeSend ─▶ event handler ─▶ KafkaProducer
 *                                     └─ lane 1: …                                        │
 *   acknowledged / failed, room given back  ◀────────────────────────────────────────────┘
 * </pre>
 *
 * <ul>
 *   <li>A sync producer does all this on the caller's thread and returns after the acknowledgement.
 *   <li>An async one returns once the event has its place in the queue. The queue's bound covers
 *       everything that is not acknowledged, in events and in bytes.
 *   <li>Lanes are chosen as partitions are, so where their number divides a topic's partitions each
 *       partition is filled by one lane, and records are as full with many lanes as with one.
 * </ul>
 */
public final class EventProducer<T> implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final ProducerSettings settings;
  private final Encoder<T> encoder;
  private final CallbackHandler<T> callback;
  private final Room room;
  private final Outcomes<T> outcomes;
  private final ProducerMetrics.One metrics;
  private final List<Lane<T>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** A producer with the handlers that its settings name. */
  public EventProducer(
      ClientSettings client,
      ProducerSettings settings,
      String clientId,
      Encoder<T> encoder,
      ProducerMetrics metrics) {
    this(
        client,
        settings,
        clientId,
        encoder,
        () -> Handlers.eventHandler(settings.eventHandler()),
        Handlers.callbackHandler(settings.callbackHandler()),
        metrics);
  }

  /**
   * A producer with these handlers, whatever its settings name. Connects when first used.
   *
   * @param clientId also its name in the metrics
   * @param handlers makes one event handler for each lane
   */
  public EventProducer(
      ClientSettings client,
      ProducerSettings settings,
      String clientId,
      Encoder<T> encoder,
      Supplier<EventHandler<T>> handlers,
      CallbackHandler<T> callback,
      ProducerMetrics metrics) {
    this.settings = settings;
    this.encoder = encoder;
    this.callback = callback;
    this.room = new Room(settings.queueEvents(), settings.queueBytes());
    this.metrics =
        metrics.add(
            clientId,
            room,
            () -> lanes.stream().mapToDouble(Lane::busySeconds).sum(),
            () -> lanes.stream().mapToDouble(lane -> lane.sender().waitedSeconds()).sum(),
            () -> lanes.stream().mapToDouble(lane -> lane.sender().senderBusySeconds()).sum());
    this.outcomes = new Outcomes<>(callback, room, this.metrics);
    // Callers that wait for room must not have to wait for the linger too.
    int batchEvents = Math.min(settings.batchEvents(), Math.max(1, settings.queueEvents() / 2));
    for (int number = 0; number < settings.lanes(); number++) {
      String name = clientId + "-" + number;
      lanes.add(
          new Lane<>(
              new LaneQueue<>(batchEvents, settings.linger().toNanos()),
              handlers.get(),
              new LaneSender<>(client, settings, name, outcomes),
              encoder,
              callback,
              outcomes));
    }
    if (settings.type() == ProducerSettings.Type.ASYNC) {
      for (int number = 0; number < lanes.size(); number++) {
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .name(clientId + "-lane-" + number)
                .start(lanes.get(number)));
      }
    }
  }

  /**
   * Sends one event: see the class for when this returns.
   *
   * @throws QueueFullException if there is no room, and the policy is to fail
   * @throws KafkaException of a sync producer, if the event was given up
   * @throws InterruptedException while waiting for room, when the event was not taken; or for the
   *     acknowledgement, when it may yet come
   */
  public void send(QueueItem<T> item) throws InterruptedException {
    QueueItem<T> taken = callback.beforeEnqueue(item);
    if (!taken.replaces(item)) {
      throw new IllegalStateException("a callback handler must keep an item's key");
    }
    int size = encoder.sizeBytes(taken.data());
    if (settings.queueFull() == QueueFull.BLOCK) {
      room.acquire(size);
    } else if (!room.tryAcquire(size)) {
      metrics.queueFull();
      throw new QueueFullException(
          "no room for an event of %d bytes: %d events, %d bytes are not acknowledged yet"
              .formatted(size, room.events(), room.bytes()));
    }
    Acknowledgement done = taken.done();
    if (done != null) {
      done.retain();
    }
    metrics.enqueued(1);
    Lane<T> lane = laneOf(taken.key());
    if (settings.type() == ProducerSettings.Type.SYNC) {
      sendAndWait(lane, taken, size);
    } else {
      enqueue(lane, taken, size);
    }
  }

  private Lane<T> laneOf(byte[] key) {
    int count = lanes.size();
    return lanes.get(count == 1 ? 0 : Utils.toPositive(Utils.murmur2(key)) % count);
  }

  private void enqueue(Lane<T> lane, QueueItem<T> item, int size) {
    // Its own, so that an application may send the same item again.
    QueueItem<T> own = item.withData(item.data());
    own.weighs(size);
    outcomes.enqueued(own);
    if (!lane.queue().put(own)) {
      outcomes.failed(own, closed());
    }
  }

  private void sendAndWait(Lane<T> lane, QueueItem<T> item, int size) throws InterruptedException {
    Answer answer = new Answer(item.done());
    QueueItem<T> waitedFor = new QueueItem<>(item.topic(), item.key(), item.data(), answer);
    waitedFor.weighs(size);
    lane.work(List.of(waitedFor));
    try {
      answer.outcome.get();
    } catch (ExecutionException e) {
      throw new KafkaException("the event was not written", e.getCause());
    }
  }

  /**
   * Waits until everything sent before is acknowledged or given up.
   *
   * @return false if the limit passed before
   */
  public boolean flush(Duration limit) throws InterruptedException {
    lanes.forEach(lane -> lane.queue().flush());
    return room.awaitEmpty(limit.toNanos());
  }

  /** Finishes what is under way, but not for longer than ten seconds. */
  @Override
  public void close() {
    close(CLOSE_LIMIT);
  }

  /** Takes nothing more, finishes what it can within the limit, and gives up the rest. */
  public void close(Duration limit) {
    room.close();
    lanes.forEach(lane -> lane.queue().close());
    boolean interrupted = false;
    try {
      room.awaitEmpty(limit.toNanos());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    // Frees lanes that wait in a client for a broker.
    lanes.forEach(lane -> lane.sender().close());
    for (Thread thread : threads) {
      interrupted |= !joined(thread);
    }
    metrics.gone();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean joined(Thread thread) {
    try {
      if (!thread.join(CLOSE_LIMIT)) {
        thread.interrupt();
      }
      return true;
    } catch (InterruptedException e) {
      thread.interrupt();
      return false;
    }
  }

  private static KafkaException closed() {
    return new KafkaException("the producer was closed");
  }

  /** What a sync caller waits for. */
  private static final class Answer implements Acknowledgement {
    private final @Nullable Acknowledgement done;
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();

    Answer(@Nullable Acknowledgement done) {
      this.done = done;
    }

    @Override
    public void retain() {}

    @Override
    public void acknowledged() {
      if (done != null) {
        done.acknowledged();
      }
      outcome.complete(null);
    }

    @Override
    public void failed(Exception cause) {
      if (done != null) {
        done.failed(cause);
      }
      outcome.completeExceptionally(cause);
    }
  }
}
