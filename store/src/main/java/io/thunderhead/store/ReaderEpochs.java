package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the writer when memory that no reader finds any more is not in use by one who had found it
 * before. A reader says at which epoch it began; a writer notes at which epoch it took something
 * out of sight.
 *
 * <pre>
 *  epoch   7           8             9
 *  reader  ├ began at 7 ────────────────────┤ done
 *  writer     ▲ took A out   ▲ took B out    ▲ A and B may be used again
 * </pre>
 *
 * <p>A reader pays one fence a read. One that stands still in the middle of a read keeps everything
 * that is taken out meanwhile from being used again, and nothing else: no writer waits for it.
 */
final class ReaderEpochs {
  private volatile long now = 1;

  /** Guarded by this; readers that nobody keeps any more leave by themselves. */
  private final List<WeakReference<Reader>> readers = new ArrayList<>();

  /** A reader to be; one thread at a time. */
  synchronized Reader register() {
    readers.removeIf(reader -> reader.get() == null);
    Reader reader = new Reader();
    readers.add(new WeakReference<>(reader));
    return reader;
  }

  /** What is taken out of sight now is of this epoch. */
  long now() {
    return now;
  }

  /** Begins a new epoch; what is of an epoch below the returned one is in no reader's hands. */
  synchronized long advance() {
    // First whatever was taken out, then the readers' epochs: see Reader.begin.
    now = now + 1;
    VarHandle.fullFence();
    long oldest = now;
    for (WeakReference<Reader> reference : readers) {
      Reader reader = reference.get();
      long epoch = reader == null ? Reader.IDLE : reader.epoch();
      if (epoch != Reader.IDLE) {
        oldest = Math.min(oldest, epoch);
      }
    }
    return oldest;
  }

  /** One reader's place in time. */
  final class Reader {
    private static final long IDLE = 0;
    private static final VarHandle EPOCH;

    static {
      try {
        EPOCH = MethodHandles.lookup().findVarHandle(Reader.class, "epoch", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("UnusedVariable") // by EPOCH
    private long epoch = IDLE;

    private Reader() {}

    /** Whatever is found from now on stays what it is until {@link #end}. */
    void begin() {
      EPOCH.setOpaque(this, now);
      // Either the writer sees this epoch, or this reader does not see what was taken out before.
      VarHandle.fullFence();
    }

    void end() {
      EPOCH.setRelease(this, IDLE);
    }

    private long epoch() {
      return (long) EPOCH.getAcquire(this);
    }
  }
}
