package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.log.write.Acknowledgement;
import io.thunderhead.pipeline.edge.spool.SpoolPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Records that become safe together. Either it comes from the intake, with counts and cursors that
 * hold once it is safe, or from the spool, with the place that can be released then. All but the
 * acknowledgements is used by one thread at a time, under the outbox's lock.
 */
final class Batch implements Acknowledgement {
  final List<OutboundEvent> events = new ArrayList<>();
  final EdgeCounts counts = new EdgeCounts();

  /** By connection; 0 where it brought nothing. */
  final long[] cursors;

  /** What its activities are known by; empty for what was read from the spool. */
  final List<Long> keys = new ArrayList<>();

  /** Only of what was read from the spool. */
  @Nullable SpoolPosition spoolEnd;

  long sizeBytes;
  long offeredNs;

  /** How many of the events are in the spool already. */
  int spooled;

  /** How many the topic takes at no size; the sender's. */
  int refused;

  private final Runnable onDone;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean failed;

  /** A batch that nobody has tried to send is not acknowledged either. */
  private volatile boolean handedOver;

  Batch(int connections, Runnable onDone) {
    this.cursors = new long[connections];
    this.onDone = onDone;
  }

  void add(OutboundEvent event) {
    events.add(event);
    sizeBytes += event.sizeBytes();
  }

  /** Before it is sent again. */
  void reset() {
    open.set(0);
    failed = false;
    handedOver = false;
    refused = 0;
  }

  boolean isAcknowledged() {
    return handedOver && open.get() == 0 && !failed;
  }

  @Override
  public void retain() {
    open.incrementAndGet();
    handedOver = true;
  }

  @Override
  public void acknowledged() {
    if (open.decrementAndGet() == 0) {
      onDone.run();
    }
  }

  @Override
  public void failed(Exception cause) {
    failed = true;
    if (open.decrementAndGet() == 0) {
      onDone.run();
    }
  }
}
