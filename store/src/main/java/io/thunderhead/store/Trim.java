package io.thunderhead.store;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Removes blocks past the retention, cell by cell and then whole. Before the first cell of a block
 * it passes once through the lock of every post shard: a writer that had judged by an older horizon
 * has then finished, and none can append to the block any more.
 */
final class Trim {
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final LongAdder expired = new LongAdder();

  // Guarded by this.
  private @Nullable PostBlock block;
  private int unit;

  Trim(StoreClock clock, PostBlocks blocks, PostIndex index, AuthorTable authors) {
    this.clock = clock;
    this.blocks = blocks;
    this.index = index;
    this.authors = authors;
  }

  long expired() {
    return expired.sum();
  }

  /** Does up to so many steps; how many there were. */
  synchronized int run(long nowSeconds, int maxSteps) {
    long now = clock.advance(nowSeconds);
    long horizon = clock.horizon();
    int steps = 0;
    while (steps < maxSteps) {
      PostBlock current = block;
      if (current == null) {
        current = blocks.expired(horizon);
        if (current == null) {
          return steps;
        }
        waitForWriters();
        block = current;
        unit = 0;
      }
      if (unit < current.usedUnits()) {
        remove(current, unit, horizon);
        unit += current.cellUnits(unit);
      } else {
        blocks.drop(current, now);
        block = null;
      }
      steps++;
    }
    return steps;
  }

  /** Runs something that must not meet a trim, and forgets what was begun. */
  synchronized void alone(Runnable action) {
    action.run();
    block = null;
    unit = 0;
    expired.reset();
  }

  private void waitForWriters() {
    for (PostIndex.Shard shard : index.shards()) {
      synchronized (shard) {
        Thread.onSpinWait();
      }
    }
  }

  private void remove(PostBlock from, int at, long horizon) {
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
      expired.increment();
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
