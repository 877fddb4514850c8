package io.thunderhead.store;

import org.jspecify.annotations.Nullable;

/**
 * Removes blocks past the horizon, cell by cell and then whole; over the memory budget it moves the
 * horizon to where the oldest block is past it. Under the writers' lock.
 */
final class Trim {
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final StoreBytes storeBytes;
  private long expired;
  private long overBudget;
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
    return expired;
  }

  /** Posts within the retention that the memory budget has made leave. */
  long overBudget() {
    return overBudget;
  }

  /** Does up to so many steps; how many there were. */
  int run(long nowSeconds, int maxSteps) {
    long now = clock.advance(nowSeconds);
    long horizon = clock.horizon();
    for (int steps = 0; steps < maxSteps; steps++) {
      PostBlock current = block == null ? blocks.expired(horizon) : block;
      if (current == null) {
        authors.giveBack();
        return steps;
      }
      block = current;
      if (unit < current.usedUnits()) {
        leave(current, unit, horizon, clock.retentionHorizon(now));
        unit += current.cellUnits(unit);
      } else {
        blocks.drop(current, now);
        block = null;
        unit = 0;
      }
    }
    return maxSteps;
  }

  /**
   * Does up to so many steps towards a size within the budget: what is past the horizon first, then
   * the oldest blocks, whose posts are given up for it.
   */
  void makeRoom(long budgetBytes, long nowSeconds, int maxSteps) {
    authors.giveBack();
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

  /** Forgets what was begun and counted. */
  void clear() {
    block = null;
    unit = 0;
    expired = 0;
    overBudget = 0;
  }

  /** Takes a cell past the horizon out of everything but its block. */
  void leave(PostBlock from, int at, long horizon, long retentionHorizon) {
    if (from.isDead(at)) {
      return;
    }
    index.remove(from.postId(at), from.number << 16 | at);
    if (!from.has(at, PostBlock.TOMBSTONE)) {
      int author = from.authorNumber(at);
      // The number may be another's by now, whose expired posts may then as well leave.
      authors.dropExpired(author, horizon);
      authors.settle(author);
      if (from.created(at) < retentionHorizon) {
        expired++;
      } else {
        overBudget++;
      }
    }
    blocks.kill(from, at);
  }
}
