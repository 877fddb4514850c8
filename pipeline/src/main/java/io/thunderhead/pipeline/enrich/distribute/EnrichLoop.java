package io.thunderhead.pipeline.enrich.distribute;

import com.google.protobuf.InvalidProtocolBufferException;
import io.thunderhead.log.group.BatchHandler;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.log.group.Ticket;
import io.thunderhead.pipeline.enrich.distribute.ParkedActivity.Slot;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.event.ActivityReader;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * One loop's activities, from being read to having left. It never waits: what there is no room for
 * stays in the backlog of the last poll, and while that holds anything the loop is full.
 *
 * <pre>
 *   poll ─▶ backlog ─▶ place: permit, tasks into the queue ─▶ author's line ─▶ leave ─▶ output
 *                        │                                      ▲ complete, and first of its author
 *                        └ no room: isFull, partitions paused   │
 *   inbox: outcomes, from gRPC's threads; dues, from the parking's ─┘
 * </pre>
 *
 * <p>Everything here belongs to the loop's thread, except the inbox. Its length is bounded by the
 * enrichments of what is parked.
 */
final class EnrichLoop implements BatchHandler {
  private static final String NULL = "null";
  private static final String NOT_LATE = "nothing_pending";
  private static final String AGAIN = "again";

  /** How soon outcomes are looked for while anything is parked. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Stage stage;
  private final TaskBook tasks;
  private final Dispatcher dispatcher;
  private final BlockingDelayQueue<ParkedActivity> parking;
  private final EnrichedOutput output;
  private final DistributeMetrics metrics;
  private final ActivityReader reader = new ActivityReader();

  private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Batch> backlog = new ArrayDeque<>();

  /** Whoever has not left, in the order of reading, by author. */
  private final Map<Long, ArrayDeque<ParkedActivity>> lines = new HashMap<>();

  /** Partitions are about to leave: nobody is parked again. */
  private boolean draining;

  EnrichLoop(
      Stage stage,
      TaskBook tasks,
      Dispatcher dispatcher,
      BlockingDelayQueue<ParkedActivity> parking,
      EnrichedOutput output,
      DistributeMetrics metrics) {
    this.stage = stage;
    this.tasks = tasks;
    this.dispatcher = dispatcher;
    this.parking = parking;
    this.output = output;
    this.metrics = metrics;
  }

  @Override
  public void handle(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket)
      throws Exception {
    backlog.add(new Batch(partition, records, ticket));
    admit();
  }

  @Override
  public long flushIfDue(long nowNanos) {
    draining = false;
    step();
    long next = output.flushIfDue(nowNanos);
    return lines.isEmpty() && backlog.isEmpty() ? next : Math.min(next, LOOK_NANOS);
  }

  @Override
  public void flush() {
    draining = true;
    step();
    output.flush();
  }

  @Override
  public boolean isFull() {
    return !backlog.isEmpty();
  }

  @Override
  public void settled(TopicPartition partition, LedgerCounts counts, double tookSeconds) {
    metrics.settled(stage.label(), counts);
  }

  @Override
  public void gone(Collection<TopicPartition> partitions) {
    backlog.removeIf(batch -> partitions.contains(batch.partition()));
    for (Iterator<ArrayDeque<ParkedActivity>> all = lines.values().iterator(); all.hasNext(); ) {
      ArrayDeque<ParkedActivity> line = all.next();
      line.removeIf(one -> partitions.contains(one.batch().partition()) && drop(one));
      if (line.isEmpty()) {
        all.remove();
      }
    }
  }

  @Override
  public void close() {
    backlog.clear();
    lines.values().forEach(line -> line.forEach(this::drop));
    lines.clear();
    output.close();
  }

  /** An activity's time is over; any thread. */
  void due(ParkedActivity activity) {
    inbox.add(() -> decideDue(activity));
  }

  private void step() {
    for (Runnable event = inbox.poll(); event != null; event = inbox.poll()) {
      event.run();
    }
    admit();
  }

  private void admit() {
    for (Batch batch = backlog.peek(); batch != null; batch = backlog.peek()) {
      if (!admit(batch)) {
        return;
      }
      backlog.remove();
      batch.exhausted();
    }
  }

  /** False if there is no room for the rest. */
  private boolean admit(Batch batch) {
    while (true) {
      ParkedActivity next = batch.waiting();
      if (next == null) {
        if (!stage.mayTake()) {
          return false;
        }
        if (!batch.cursor().next()) {
          return true;
        }
        next = read(batch);
        if (next == null) {
          continue;
        }
        batch.entered();
      }
      boolean placed = place(next);
      batch.waits(placed ? null : next);
      if (!placed) {
        return false;
      }
    }
  }

  /** The activity at the cursor; null if it is none, which is counted. */
  private @Nullable ParkedActivity read(Batch batch) {
    EventCursor event = batch.cursor();
    RejectReason bad = event.bad();
    if (bad != null) {
      reject(batch, bad);
      return null;
    }
    if (event.isNull()) {
      batch.filtered(NULL);
      return null;
    }
    try {
      reader.read(event.src(), event.offset(), event.length());
      Activity activity = parse(event);
      List<Slot> slots = stage.slots(activity);
      if (slots == null) {
        batch.filtered(NOT_LATE);
        return null;
      }
      long keyId = reader.authorId() > 0 ? reader.authorId() : reader.postId();
      boolean bare = activity.getRevision() == 0 && activity.getEnrichmentsCount() == 0;
      return new ParkedActivity(this, batch, keyId, slots, bare ? null : bare(activity));
    } catch (MalformedEventException e) {
      reject(batch, e.reason());
      return null;
    }
  }

  private static Activity parse(EventCursor event) throws MalformedEventException {
    try {
      return Activity.parser().parseFrom(event.src(), event.offset(), event.length());
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedEventException(RejectReason.NOT_PROTOBUF, "Activity: not protobuf");
    }
  }

  private static byte[] bare(Activity activity) {
    return activity.toBuilder().clearRevision().clearEnrichments().build().toByteArray();
  }

  private void reject(Batch batch, RejectReason reason) {
    output.deadLetter(batch.cursor(), reason, batch.ticket());
    batch.deadLettered(reason);
  }

  /** Parks an activity and asks for what it lacks, or lets it go at once; false without room. */
  private boolean place(ParkedActivity activity) {
    ArrayDeque<ParkedActivity> line = lines.get(activity.keyId());
    activity.enter();
    if (activity.isComplete()) {
      if (line == null) {
        leave(activity);
        return true;
      }
      if (!parking.tryAcquire()) {
        return false;
      }
      activity.permit(true);
    } else if (!ask(activity)) {
      return false;
    }
    if (line == null) {
      line = new ArrayDeque<>(2);
      lines.put(activity.keyId(), line);
    }
    line.add(activity);
    return true;
  }

  private boolean ask(ParkedActivity activity) {
    List<Slot> slots = activity.toAsk();
    if (!stage.mayAsk(slots.stream().map(Slot::enricher).toList())
        || !parking.tryPut(activity, stage.parkNanos())) {
      return false;
    }
    activity.permit(true);
    List<EnrichmentTask> made = new ArrayList<>(slots.size());
    for (Slot slot : slots) {
      Activity input = slot.input();
      if (input != null) {
        EnrichmentTask task =
            tasks.open(
                slot.enricher(),
                input,
                stage.priority(),
                (decided, enrichment) ->
                    inbox.add(() -> outcome(activity, slot, decided, enrichment)));
        slot.asked(task);
        made.add(task);
      }
    }
    if (!dispatcher.offer(made)) {
      made.forEach(tasks::withdraw);
      parking.withdraw(activity);
      releasePermit(activity);
      return false;
    }
    for (Slot slot : slots) {
      metrics.asked(stage.label(), slot.enricher());
    }
    return true;
  }

  private void outcome(
      ParkedActivity activity, Slot slot, EnrichmentTask task, Enrichment enrichment) {
    metrics.decided(task);
    if (!activity.hasLeft()) {
      activity.decide(slot, enrichment);
      leaveIfComplete(activity);
    }
  }

  private void decideDue(ParkedActivity activity) {
    if (activity.hasLeft() || activity.isComplete() || !activity.hasPermit()) {
      return;
    }
    if (activity.rounds() < stage.rounds() && !draining) {
      activity.parkedAgain();
      parking.putAgain(activity, stage.parkNanos());
      return;
    }
    for (Slot slot : activity.slots()) {
      EnrichmentTask task = slot.task();
      // A task that can't be withdrawn has just been decided: its outcome is in the inbox.
      if (slot.result() == null && task != null && tasks.withdraw(task)) {
        activity.decide(
            slot,
            Enrichment.newBuilder()
                .setName(slot.enricher())
                .setStatus(Enrichment.Status.STATUS_PENDING)
                .build());
      }
    }
    leaveIfComplete(activity);
  }

  private void leaveIfComplete(ParkedActivity activity) {
    if (!activity.isComplete()) {
      return;
    }
    parking.withdraw(activity);
    ArrayDeque<ParkedActivity> line = lines.get(activity.keyId());
    if (line == null) {
      return;
    }
    for (ParkedActivity first = line.peek();
        first != null && first.isComplete();
        first = line.peek()) {
      line.remove();
      leave(first);
    }
    if (line.isEmpty()) {
      lines.remove(activity.keyId());
    }
  }

  private void leave(ParkedActivity activity) {
    activity.leave();
    releasePermit(activity);
    Batch batch = activity.batch();
    Stage.Departure departure = stage.departure(activity);
    count(activity);
    if (write(activity, departure)) {
      if (departure.output() == null) {
        batch.filtered(AGAIN);
      } else {
        batch.written();
      }
    } else {
      output.deadLetter(activity, RejectReason.TOO_LARGE);
      batch.deadLettered(RejectReason.TOO_LARGE);
    }
    batch.left();
  }

  private boolean write(ParkedActivity activity, Stage.Departure departure) {
    Ticket ticket = activity.batch().ticket();
    byte[] enriched = departure.output();
    byte[] late = departure.late();
    try {
      return (enriched == null || output.enriched(activity.keyId(), enriched, ticket))
          && (late == null || output.late(activity.keyId(), late, ticket));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private void count(ParkedActivity activity) {
    metrics.leftAfter(stage.label(), activity.parkedForNanos());
    for (Slot slot : activity.slots()) {
      Enrichment result = slot.result();
      if (slot.task() != null && result != null) {
        metrics.left(stage.label(), result);
        activity.batch().enrichment(DistributeMetrics.status(result));
      }
    }
  }

  private boolean drop(ParkedActivity activity) {
    activity.leave();
    activity.batch().gone();
    for (Slot slot : activity.slots()) {
      EnrichmentTask task = slot.task();
      if (task != null) {
        tasks.withdraw(task);
        metrics.dropped(stage.label(), slot.enricher());
      }
    }
    parking.withdraw(activity);
    releasePermit(activity);
    return true;
  }

  private void releasePermit(ParkedActivity activity) {
    if (activity.hasPermit()) {
      activity.permit(false);
      parking.release();
    }
  }
}
