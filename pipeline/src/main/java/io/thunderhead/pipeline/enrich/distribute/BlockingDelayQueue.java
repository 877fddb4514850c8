package io.thunderhead.pipeline.enrich.distribute;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A delay queue with a capacity, which is what makes whoever fills it back off. An item holds its
 * permit from {@link #put} until it is taken; with {@link #takeKeepingPermit} or {@link #withdraw}
 * it keeps it beyond, until {@link #release}.
 *
 * <pre>
 *   DelayQueue of ticks    [ 12:00:01.230 ][ 12:00:01.240 ][ 12:00:03.010 ]
 *   items of each tick       a, c            b               d, e, f
 *   permits                  capacity − 6
 * </pre>
 *
 * Items that are due within the same {@value #TICK_MS} ms share an element of the DelayQueue. An
 * item that is withdrawn before its time thus leaves nothing behind, which a DelayQueue alone could
 * only do by searching all of itself.
 *
 * <p>Any number of threads put and take. Items are told apart by {@code equals}, and the same one
 * must not be in twice.
 */
final class BlockingDelayQueue<T> {
  /** How much later than asked an item may come out. */
  static final long TICK_MS = 10;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MS);

  private final int capacity;
  private final Semaphore permits;
  private final DelayQueue<Tick<T>> ticks = new DelayQueue<>();

  // Guarded by this.
  private final Map<Long, Tick<T>> byTime = new HashMap<>();
  private final Map<T, Tick<T>> byItem = new HashMap<>();
  private final ArrayDeque<T> due = new ArrayDeque<>();

  BlockingDelayQueue(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be ≥ 1: " + capacity);
    }
    this.capacity = capacity;
    this.permits = new Semaphore(capacity);
  }

  /** Waits for a permit, then parks the item; one that is interrupted has taken none. */
  void put(T item, long delayNanos) throws InterruptedException {
    permits.acquire();
    park(item, delayNanos);
  }

  /** Parks the item if there is room now. */
  boolean tryPut(T item, long delayNanos) {
    if (!permits.tryAcquire()) {
      return false;
    }
    park(item, delayNanos);
    return true;
  }

  /** Takes a permit for an item that need not be parked; {@link #release} gives it back. */
  boolean tryAcquire() {
    return permits.tryAcquire();
  }

  /** Parks an item again that has kept its permit. */
  void putAgain(T item, long delayNanos) {
    enqueue(item, delayNanos);
  }

  /** Waits for the first item that is due, and gives its permit back. */
  T take() throws InterruptedException {
    T item = takeKeepingPermit();
    permits.release();
    return item;
  }

  /** The same for an item that is not done with. */
  T takeKeepingPermit() throws InterruptedException {
    while (true) {
      T item = pollDue();
      if (item != null) {
        return item;
      }
      open(ticks.take());
    }
  }

  /**
   * Takes an item out before its time; it keeps its permit.
   *
   * @return false if it was taken already, or is being taken
   */
  synchronized boolean withdraw(T item) {
    Tick<T> tick = byItem.remove(item);
    return tick != null && tick.items.remove(item);
  }

  /** Gives back the permit that an item kept. */
  void release() {
    permits.release();
  }

  /** Items that wait, without those that have only kept their permits. */
  synchronized int size() {
    return byItem.size() + due.size();
  }

  int capacity() {
    return capacity;
  }

  int availablePermits() {
    return permits.availablePermits();
  }

  private void park(T item, long delayNanos) {
    boolean parked = false;
    try {
      enqueue(item, delayNanos);
      parked = true;
    } finally {
      if (!parked) {
        permits.release();
      }
    }
  }

  private synchronized void enqueue(T item, long delayNanos) {
    long time = Math.floorDiv(System.nanoTime() + Math.max(0, delayNanos), TICK_NANOS) + 1;
    Tick<T> tick = byTime.get(time);
    if (tick == null) {
      tick = new Tick<>(time);
      byTime.put(time, tick);
      ticks.add(tick);
    }
    if (byItem.putIfAbsent(item, tick) != null) {
      throw new IllegalStateException("the item is parked already");
    }
    tick.items.add(item);
  }

  private synchronized @Nullable T pollDue() {
    return due.poll();
  }

  private synchronized void open(Tick<T> tick) {
    byTime.remove(tick.time);
    for (T item : tick.items) {
      byItem.remove(item);
      due.add(item);
    }
  }

  /** What is due at one time. Its items are guarded by the queue. */
  private static final class Tick<T> implements Delayed {
    private final long time;
    private final Set<T> items = new LinkedHashSet<>();

    Tick(long time) {
      this.time = time;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(time * TICK_NANOS - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return other instanceof Tick<?> tick
          ? Long.compare(time, tick.time)
          : Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
