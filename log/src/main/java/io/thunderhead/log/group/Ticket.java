package io.thunderhead.log.group;

import io.thunderhead.log.write.Acknowledgement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Stands for one batch of a partition until everything that became of it is safe. It is open while
 * the handler has it, and after that for each write that retains it; one that fails never finishes,
 * and ends its reader's run.
 */
public final class Ticket implements Acknowledgement {
  private final long nextOffset;
  private final int records;
  private final long bytes;
  private final long openedNanos;
  private final Runnable onFinished;
  private final Consumer<Exception> onFailed;

  private final AtomicInteger open = new AtomicInteger(1);
  private volatile long finishedNanos;
  private LedgerCounts counts = LedgerCounts.NONE; // guarded by this

  Ticket(
      long nextOffset,
      int records,
      long bytes,
      long openedNanos,
      Runnable onFinished,
      Consumer<Exception> onFailed) {
    this.nextOffset = nextOffset;
    this.records = records;
    this.bytes = bytes;
    this.openedNanos = openedNanos;
    this.onFinished = onFinished;
    this.onFailed = onFailed;
  }

  @Override
  public void retain() {
    if (open.getAndIncrement() <= 0) {
      throw new IllegalStateException("a finished ticket can't be opened again");
    }
  }

  @Override
  public void acknowledged() {
    // Before the count: whoever sees it at zero asks for the time.
    finishedNanos = System.nanoTime();
    int left = open.decrementAndGet();
    if (left == 0) {
      onFinished.run();
    } else if (left < 0) {
      onFailed.accept(new IllegalStateException("acknowledged more often than retained"));
    }
  }

  @Override
  public void failed(Exception cause) {
    onFailed.accept(cause);
  }

  /** Adds to what became of the batch's events; any thread that has the ticket open. */
  public synchronized void count(LedgerCounts more) {
    counts = counts.plus(more);
  }

  synchronized LedgerCounts counts() {
    return counts;
  }

  boolean isFinished() {
    return open.get() == 0;
  }

  long nextOffset() {
    return nextOffset;
  }

  int records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  long openedNanos() {
    return openedNanos;
  }

  /** From hand-over to the last acknowledgement; only once finished. */
  long tookNanos() {
    return finishedNanos - openedNanos;
  }
}
