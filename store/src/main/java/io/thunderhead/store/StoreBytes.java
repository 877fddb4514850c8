package io.thunderhead.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all parts of a store have allocated, as they grow and shrink. One number, so that
 * every create can afford to hold it against the budget. Any thread.
 */
final class StoreBytes {
  private final AtomicLong sum = new AtomicLong();

  void add(long bytes) {
    if (bytes != 0) {
      sum.addAndGet(bytes);
    }
  }

  long sum() {
    return sum.get();
  }
}
