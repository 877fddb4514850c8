package io.thunderhead.log.write;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for one lane, given out in batches. It has no bound of its own: {@link Room} has let
 * in everything that is here. Any thread puts, the lane's takes; the fields are guarded by the
 * lock.
 */
final class LaneQueue<T> {
  private final int batchEvents;
  private final long lingerNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition worth = lock.newCondition();

  private List<QueueItem<T>> items = new ArrayList<>();
  private long firstNanos;
  private boolean flush;
  private boolean closed;

  LaneQueue(int batchEvents, long lingerNanos) {
    this.batchEvents = batchEvents;
    this.lingerNanos = lingerNanos;
  }

  /** False if the queue is closed: the item was not taken. */
  boolean put(QueueItem<T> item) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      items.add(item);
      int size = items.size();
      if (size == 1) {
        firstNanos = System.nanoTime();
      }
      if (size == 1 || size == batchEvents) {
        worth.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a batch that is full, or has lingered; empty once closed and all given out. */
  List<QueueItem<T>> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (items.isEmpty() && !closed) {
        worth.await();
      }
      long left = lingerNanos - (System.nanoTime() - firstNanos);
      while (items.size() < batchEvents && !flush && !closed && left > 0) {
        left = worth.awaitNanos(left);
      }
      List<QueueItem<T>> batch = takeFront();
      if (items.isEmpty()) {
        flush = false;
      } else {
        firstNanos = System.nanoTime();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Without copying where all of it is one batch: callers wait for the lock meanwhile. */
  private List<QueueItem<T>> takeFront() {
    List<QueueItem<T>> all = items;
    if (all.size() <= batchEvents) {
      items = new ArrayList<>(all.size());
      return all;
    }
    List<QueueItem<T>> front = all.subList(0, batchEvents);
    List<QueueItem<T>> batch = new ArrayList<>(front);
    front.clear();
    return batch;
  }

  /** Everything that is here, without waiting. */
  List<QueueItem<T>> rest() {
    lock.lock();
    try {
      List<QueueItem<T>> rest = new ArrayList<>(items);
      items.clear();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** What is here now waits no longer. */
  void flush() {
    lock.lock();
    try {
      flush = !items.isEmpty();
      worth.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; what is here is still given out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      worth.signal();
    } finally {
      lock.unlock();
    }
  }
}
