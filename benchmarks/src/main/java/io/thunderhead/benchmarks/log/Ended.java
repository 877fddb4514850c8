package io.thunderhead.benchmarks.log;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.log.write.Acknowledgement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Counts writes under way, and remembers a failure: a run that loses one measures nothing. */
final class Ended implements Acknowledgement, Callback {
  private final AtomicLong open = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Acknowledgement failures =
      new Acknowledgement() {
        @Override
        public void retain() {}

        @Override
        public void acknowledged() {}

        @Override
        public void failed(Exception cause) {
          failure.set(cause);
        }
      };

  @Override
  public void retain() {
    open.incrementAndGet();
  }

  @Override
  public void acknowledged() {
    open.decrementAndGet();
  }

  @Override
  public void failed(Exception cause) {
    failure.set(cause);
    open.decrementAndGet();
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception cause) {
    if (cause != null) {
      failure.set(cause);
    }
  }

  /** For whoever knows otherwise when all has ended, and need not count it once more. */
  Acknowledgement failures() {
    return failures;
  }

  /** Waits for all that was retained. */
  void await() {
    while (open.get() > 0) {
      LockSupport.parkNanos(100_000);
    }
    requireNoFailure();
  }

  void requireNoFailure() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new BenchFailedException("a write failed: " + cause);
    }
  }
}
