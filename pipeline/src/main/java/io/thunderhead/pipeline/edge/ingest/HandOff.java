package io.thunderhead.pipeline.edge.ingest;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Records between the threads that read and the one that takes in, bounded in count and bytes. */
final class HandOff {
  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition something = lock.newCondition();
  // Guarded by the lock.
  private final ArrayDeque<Received> waiting = new ArrayDeque<>();
  private long bytes;
  private long total;

  HandOff(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /** Returns false if there was no room in time. A record larger than all of it goes in alone. */
  boolean put(Received record, long limitMs) throws InterruptedException {
    long size = record.sizeBytes();
    long leftNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    lock.lockInterruptibly();
    try {
      while (!waiting.isEmpty() && (waiting.size() >= maxEvents || bytes + size > maxBytes)) {
        if (leftNs <= 0) {
          return false;
        }
        leftNs = room.awaitNanos(leftNs);
      }
      waiting.add(record);
      bytes += size;
      total++;
      if (waiting.size() == 1) {
        something.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes what is there, in order; waits up to a limit if there is nothing. */
  void take(List<Received> into, int most, long limitMs) throws InterruptedException {
    long leftNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        if (leftNs <= 0) {
          return;
        }
        leftNs = something.awaitNanos(leftNs);
      }
      for (int i = 0; i < most && !waiting.isEmpty(); i++) {
        Received next = waiting.remove();
        bytes -= next.sizeBytes();
        into.add(next);
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many records were ever put in. */
  long total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
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
}
