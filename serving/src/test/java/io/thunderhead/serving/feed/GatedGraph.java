package io.thunderhead.serving.feed;

import io.thunderhead.serving.graph.FollowGraph;
import io.thunderhead.serving.graph.FollowGraphException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A follow graph that knows user 1, who follows author 100, and user 3, of whom it can't tell; for
 * user 2 it answers only once the gate is open.
 */
final class GatedGraph implements FollowGraph {
  final AtomicInteger waiting = new AtomicInteger();
  volatile @Nullable CountDownLatch gate;

  @Override
  public long[] following(long userId) throws FollowGraphException {
    if (userId == 3) {
      throw new FollowGraphException("planted");
    }
    CountDownLatch closed = gate;
    if (userId == 2 && closed != null) {
      waiting.incrementAndGet();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        waiting.decrementAndGet();
      }
    }
    return userId == 1 || userId == 2 ? new long[] {100} : new long[0];
  }

  @Override
  public List<String> check() {
    return List.of();
  }

  @Override
  public void close() {}
}
