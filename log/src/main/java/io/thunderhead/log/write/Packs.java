package io.thunderhead.log.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The events of one topic that wait to become records, by partition. The one place where events are
 * put together: whoever writes, writes through it. Not thread-safe.
 *
 * <pre>
 *   add(key, event) ─▶ partition = murmur2(key) mod partitions
 *                      ├─ pack of partition 0: frame, and who waits for its events
 *                      ├─ pack of partition 1   └▶ full, due or flushed ─▶ one record ─▶ sink
 * </pre>
 *
 * Events of a partition leave in the order in which they came, also those that go alone.
 *
 * @param <W> who waits for an event's acknowledgement
 */
final class Packs<W> {
  private static final byte[] EMPTY = {};

  /** What becomes of finished records. A sink that throws has dealt with those that wait. */
  interface Sink<W> {
    /** The next record that {@code waiting} is for has its first event. */
    void holds(W waiting);

    /** A record of one or more events, without a key; {@code waiting} is the sink's to keep. */
    void packed(int partition, byte[] value, List<W> waiting);

    /** A plain record; {@link #holds} was not called for it. */
    void alone(int partition, byte[] key, byte[] value, W waiting);
  }

  private final int maxEvents;
  private final Supplier<Frame> frames;
  private final Sink<W> sink;
  private Pack<W>[] packs = newPacks(0);

  /**
   * @param maxEvents events per record; with 1 all go alone, with their keys
   * @param frames makes a frame for each partition
   */
  Packs(int maxEvents, Supplier<Frame> frames, Sink<W> sink) {
    this.maxEvents = maxEvents;
    this.frames = frames;
    this.sink = sink;
  }

  int partitions() {
    return packs.length;
  }

  /**
   * Follows the topic's growth. What waits is sent first, so the order of a key is only lost where
   * Kafka loses it too: between what its old and its new partition hold.
   */
  void grow(int partitions) {
    if (partitions <= packs.length) {
      return;
    }
    flush();
    Pack<W>[] grown = Arrays.copyOf(packs, partitions);
    for (int partition = packs.length; partition < partitions; partition++) {
      grown[partition] = new Pack<>(frames.get());
    }
    packs = grown;
  }

  /** Takes over one event, whose bytes may change after the call. */
  void add(byte[] key, byte[] src, int offset, int length, W waiting) {
    int partition = Utils.toPositive(Utils.murmur2(key)) % packs.length;
    if (maxEvents == 1) {
      alone(partition, key, src, offset, length, waiting);
      return;
    }
    Pack<W> pack = packs[partition];
    if (!pack.frame.canShare(src, offset, length)) {
      send(partition);
      alone(partition, key, src, offset, length, waiting);
      return;
    }
    if (!pack.frame.fits(length)) {
      send(partition);
      if (!pack.frame.fits(length)) {
        alone(partition, key, src, offset, length, waiting);
        return;
      }
    }
    if (pack.add(src, offset, length, waiting)) {
      sink.holds(waiting);
    }
    if (pack.frame.events() == maxEvents) {
      send(partition);
    }
  }

  /**
   * Sends what has waited its time.
   *
   * @return how many nanoseconds from now the next is due; {@link Long#MAX_VALUE} if none waits
   */
  long flushIfDue(long nowNanos, long lingerNanos) {
    long nextDue = Long.MAX_VALUE;
    for (int partition = 0; partition < packs.length; partition++) {
      Pack<W> pack = packs[partition];
      if (pack.frame.events() == 0) {
        continue;
      }
      long waitLeft = lingerNanos - (nowNanos - pack.openedNanos);
      if (waitLeft <= 0) {
        send(partition);
      } else {
        nextDue = Math.min(nextDue, waitLeft);
      }
    }
    return nextDue;
  }

  /** Sends everything that waits. */
  void flush() {
    for (int partition = 0; partition < packs.length; partition++) {
      send(partition);
    }
  }

  /** Forgets everything that waits. */
  List<W> abandon() {
    List<W> abandoned = new ArrayList<>();
    for (Pack<W> pack : packs) {
      abandoned.addAll(pack.take());
    }
    return abandoned;
  }

  private void send(int partition) {
    Pack<W> pack = packs[partition];
    if (pack.frame.events() > 0) {
      byte[] value = pack.frame.toRecord();
      sink.packed(partition, value, pack.take());
    }
  }

  private void alone(int partition, byte[] key, byte[] src, int offset, int length, W waiting) {
    byte[] value = length == 0 ? EMPTY : Arrays.copyOfRange(src, offset, offset + length);
    sink.alone(partition, key, value, waiting);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
  private static <W> Pack<W>[] newPacks(int length) {
    return new Pack[length];
  }

  /** The events that wait for one partition. Holds each who waits once per run of events. */
  private static final class Pack<W> {
    final Frame frame;
    private List<W> waiting = new ArrayList<>();
    private @Nullable W last;
    long openedNanos;

    Pack(Frame frame) {
      this.frame = frame;
    }

    /** Returns true if {@code one} was not the last to wait. */
    @SuppressWarnings("ReferenceEquality") // The same batch's, not an equal one.
    boolean add(byte[] src, int offset, int length, W one) {
      if (frame.events() == 0) {
        openedNanos = System.nanoTime();
      }
      frame.add(src, offset, length);
      if (one == last) {
        return false;
      }
      waiting.add(one);
      last = one;
      return true;
    }

    List<W> take() {
      List<W> taken = waiting;
      waiting = new ArrayList<>();
      last = null;
      frame.clear();
      return taken;
    }
  }
}
