package io.thunderhead.app.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A latch that is set once when this process, or one part of it, shall end. Setting it stops
 * nothing by itself: whoever runs the work waits for it and closes in order.
 */
public final class StopRequest {
  private final CountDownLatch latch = new CountDownLatch(1);

  /** From any thread, any number of times. */
  public void request() {
    latch.countDown();
  }

  public boolean requested() {
    return latch.getCount() == 0;
  }

  public void await() throws InterruptedException {
    latch.await();
  }

  /** Returns whether the request came within the limit. */
  public boolean await(Duration limit) throws InterruptedException {
    return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
