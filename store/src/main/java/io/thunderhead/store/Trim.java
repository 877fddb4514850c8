package io.thunderhead.store;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Removes blocks past the horizon, cell by cell and then whole; over the memory budget it moves the
 * horizon to where the oldest block is past it. Before the first cell of a block it passes once
 * through the lock of every post shard: a writer that had judged by an older horizon has then
 * finished, and none can append to the block any more.
 */
final class Trim {
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final StoreBytes storeBytes;
  private final LongAdder expired = new LongAdder();
  private final LongAdder overBudget = new LongAdder();

  // Guarded by this.
  private @Nullable PostBlock block;
  private int unit;

  Trim(
      StoreClock clock,
      PostBlocks blocks,
      PostIndex index,
      AuthorTable authors,
      StoreBytes storeBytes) {
    this.clock = clock;
    this.blocks = blocks;
    this.index = index;
    this.authors = authors;
    this.storeBytes = storeBytes;
  }

  long expired() {
    return expired.sum();
  }

  /** Posts within the retention that the memory budget has made leave. */
  long overBudget() {
    return overBudget.sum();
  }

  /** Does up to so many steps; how many there were. */
  synchronized int run(long nowSeconds, int maxSteps) {
    long now = clock.advance(nowSeconds);
    int steps = 0;
    while (steps < maxSteps) {
      PostBlock current = block;
      long horizon = clock.horizon();
      if (current == null) {
        current = blocks.expired(horizon);
        if (current == null) {
          return steps;
        }
        waitForWriters();
        if (current.newest() >= horizon) {
          continue; // One of them has used it.
        }
        block = current;
        unit = 0;
      }
      if (unit < current.usedUnits()) {
        remove(current, unit, horizon, clock.retentionHorizon(now));
        unit += current.cellUnits(unit);
      } else {
        blocks.drop(current, now);
        block = null;
      }
      steps++;
    }
    return steps;
  }

  /**
   * Does up to so many steps towards a size within the budget: what is past the horizon first, then
   * the oldest blocks, whose posts are given up for it.
   */
  synchronized void makeRoom(long budgetBytes, long nowSeconds, int maxSteps) {
    int left = maxSteps;
    while (left > 0 && storeBytes.sum() > budgetBytes) {
      int done = run(nowSeconds, left);
      if (done == 0) {
        long oldest = blocks.oldestNewest();
        if (oldest < 0) {
          return;
        }
        clock.evictBefore(oldest + 1);
      }
      left -= done;
    }
  }

  /** Runs something that must not meet a trim, and forgets what was begun. */
  synchronized void alone(Runnable action) {
    action.run();
    block = null;
    unit = 0;
    expired.reset();
    overBudget.reset();
  }

  private void waitForWriters() {
    for (PostIndex.Shard shard : index.shards()) {
      synchronized (shard) {
        Thread.onSpinWait();
      }
    }
  }

  private void remove(PostBlock from, int at, long horizon, long retentionHorizon) {
    if (from.isDead(at)) {
      return;
    }
    long postId = from.postId(at);
    PostIndex.Shard shard = index.shard(IdHash.of(postId));
    synchronized (shard) {
      shard.remove(postId, from.number << 16 | at);
    }
    if (!from.has(at, PostBlock.TOMBSTONE)) {
      dropFromAuthor(from.authorNumber(at), horizon);
      (from.created(at) < retentionHorizon ? expired : overBudget).increment();
    }
    blocks.kill(from, at);
  }

  private void dropFromAuthor(int authorNumber, long horizon) {
    Author author = authors.byNumber(authorNumber);
    if (author == null) {
      return;
    }
    AuthorTable.Shard shard = authors.shard(author.id);
    synchronized (shard) {
      shard.dropExpired(author, horizon);
      shard.settle(author);
    }
  }
}
