package io.thunderhead.log.write;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bound of a producer: events that are queued or not yet acknowledged, and their bytes. An
 * event larger than the whole room gets in when it is alone. Whoever waits is woken once an eighth
 * of the room is free, not for each place: a caller that is faster than the broker would otherwise
 * sleep and wake for every record. Thread-safe; the fields are guarded by the lock.
 */
final class Room {
  private final int maxEvents;
  private final long maxBytes;
  private final int wakeEvents;
  private final long wakeBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private int events;
  private long bytes;
  private boolean closed;

  /** Somebody found it full; until an eighth is free, everybody waits, newcomers too. */
  private boolean draining;

  // Who waits now, and the sum of since when; those who waited before.
  private int waiting;
  private long waitingSinceSum;
  private long waitedNanos;

  Room(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    wakeEvents = maxEvents - Math.ceilDiv(maxEvents, 8);
    wakeBytes = maxBytes - maxBytes / 8;
  }

  /** Takes a place if there is one. */
  boolean tryAcquire(int size) {
    lock.lock();
    try {
      return take(size);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a place. */
  void acquire(int size) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!draining && take(size)) {
        return;
      }
      long start = System.nanoTime();
      waiting++;
      waitingSinceSum += start;
      try {
        while (draining || !take(size)) {
          draining = true;
          changed.await();
        }
      } finally {
        waiting--;
        waitingSinceSum -= start;
        waitedNanos += System.nanoTime() - start;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean take(int size) {
    if (closed) {
      throw new IllegalStateException("the producer is closed");
    }
    if (events > 0 && (events >= maxEvents || bytes + size > maxBytes)) {
      return false;
    }
    events++;
    bytes += size;
    return true;
  }

  void release(int released, long releasedBytes) {
    lock.lock();
    try {
      events -= released;
      bytes -= releasedBytes;
      if (events <= wakeEvents && bytes <= wakeBytes) {
        draining = false;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is queued or unacknowledged; false if the limit passed before. */
  boolean awaitEmpty(long limitNanos) throws InterruptedException {
    long left = limitNanos;
    lock.lockInterruptibly();
    try {
      while (events > 0) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      draining = false; // So that whoever waits finds out.
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** How long callers have waited for room, all together, those who still do included. */
  double waitedSeconds() {
    lock.lock();
    try {
      return (waitedNanos + waiting * System.nanoTime() - waitingSinceSum) / 1e9;
    } finally {
      lock.unlock();
    }
  }
}
