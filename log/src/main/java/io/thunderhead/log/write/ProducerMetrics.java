package io.thunderhead.log.write;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * The metrics of all event producers of a registry, by the producer's name. At rest enqueued =
 * acknowledged + dead-lettered + Σ failed.
 *
 * <p>{@code thread_seconds} tells who can't keep up when a queue is full. The thread whose rate is
 * near its own number (lanes, or one sender per lane) is the one; if neither is, the broker is.
 */
public final class ProducerMetrics {
  private final List<One> producers = new CopyOnWriteArrayList<>();
  private final Counter enqueued;
  private final Counter acknowledged;
  private final Counter deadLettered;
  private final Counter failed;
  private final Counter full;

  /** Registers the metrics; once per registry. */
  public ProducerMetrics(PrometheusRegistry registry) {
    enqueued = counter(registry, "enqueued_events_total", "Events taken over");
    acknowledged =
        counter(registry, "acknowledged_events_total", "Events that every in-sync replica has");
    deadLettered =
        counter(
            registry, "dead_lettered_events_total", "Events too large for a record, kept apart");
    failed = counter(registry, "failed_events_total", "Events given up, by cause", "cause");
    full = counter(registry, "queue_full_total", "Events refused because the queue was full");
    GaugeWithCallback.builder()
        .name("thunderhead_producer_queue_events")
        .help("Events queued or not yet acknowledged")
        .labelNames("producer")
        .callback(to -> producers.forEach(one -> to.call(one.room.events(), one.name)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("thunderhead_producer_queue_bytes")
        .help("Their bytes")
        .labelNames("producer")
        .callback(to -> producers.forEach(one -> to.call((double) one.room.bytes(), one.name)))
        .register(registry);
    CounterWithCallback.builder()
        .name("thunderhead_producer_thread_seconds_total")
        .help(
            "Where time goes: callers waiting for room, lanes working, lanes waiting for the"
                + " client's buffer, senders not waiting for the network")
        .labelNames("producer", "thread", "state")
        .callback(to ->
            producers.forEach(one -> {
              to.call(one.room.waitedSeconds(), one.name, "caller", "waiting");
              to.call(one.laneBusy.getAsDouble(), one.name, "lane", "busy");
              to.call(one.laneWaiting.getAsDouble(), one.name, "lane", "waiting");
              to.call(one.senderBusy.getAsDouble(), one.name, "sender", "busy");
            }))
        .register(registry);
  }

  One add(
      String name,
      Room room,
      DoubleSupplier laneBusy,
      DoubleSupplier laneWaiting,
      DoubleSupplier senderBusy) {
    One one = new One(name, room, laneBusy, laneWaiting, senderBusy);
    producers.add(one);
    return one;
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    String[] all = new String[labels.length + 1];
    all[0] = "producer";
    System.arraycopy(labels, 0, all, 1, labels.length);
    return Counter.builder()
        .name("thunderhead_producer_" + name)
        .help(help)
        .labelNames(all)
        .register(registry);
  }

  /** The metrics of one producer. */
  final class One {
    private final String name;
    private final Room room;
    private final DoubleSupplier laneBusy;
    private final DoubleSupplier laneWaiting;
    private final DoubleSupplier senderBusy;

    /** Looked up once, for they count every event. */
    private final CounterDataPoint enqueuedEvents;

    private final CounterDataPoint acknowledgedEvents;

    private One(
        String name,
        Room room,
        DoubleSupplier laneBusy,
        DoubleSupplier laneWaiting,
        DoubleSupplier senderBusy) {
      this.name = name;
      this.room = room;
      this.laneBusy = laneBusy;
      this.laneWaiting = laneWaiting;
      this.senderBusy = senderBusy;
      enqueuedEvents = enqueued.labelValues(name);
      acknowledgedEvents = acknowledged.labelValues(name);
    }

    void enqueued(int events) {
      enqueuedEvents.inc(events);
    }

    void acknowledged(int events) {
      acknowledgedEvents.inc(events);
    }

    void deadLettered() {
      deadLettered.labelValues(name).inc();
    }

    void failed(Exception cause) {
      failed.labelValues(name, cause.getClass().getSimpleName()).inc();
    }

    void queueFull() {
      full.labelValues(name).inc();
    }

    /** The producer is closed; its counters stay. */
    void gone() {
      producers.remove(this);
    }
  }
}
