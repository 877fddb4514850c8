package io.thunderhead.app.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.lifecycle.Readiness;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person wants to see of a running role, computed once a second from its metrics for however
 * many look. Rates cover the last second, quantiles the last ten.
 */
public final class LiveFigures implements LiveFeed, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFigures.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long INTERVAL_MS = 1000;
  private static final int WINDOW = 10;

  private final String role;
  private final PrometheusRegistry registry;
  private final Supplier<Readiness> readiness;
  // The sampling thread only.
  private final ArrayDeque<MetricSample> window = new ArrayDeque<>(WINDOW + 1);
  private final Thread sampler;
  // Guarded by this; subscribers wait on it.
  private Event latest = new Event(0, "{}", Map.of());
  private boolean closed;

  /**
   * One second's figures.
   *
   * @param sequence counts up from 1
   * @param values by figure; NaN where there is nothing to say
   */
  public record Event(long sequence, String json, Map<Figure, Double> values) {
    public double value(Figure figure) {
      return values.getOrDefault(figure, Double.NaN);
    }
  }

  private LiveFigures(String role, PrometheusRegistry registry, Supplier<Readiness> readiness) {
    this.role = role;
    this.registry = registry;
    this.readiness = readiness;
    sampler = Thread.ofPlatform().daemon().name("live-figures").unstarted(this::run);
  }

  /** Begins to sample. */
  public static LiveFigures start(
      String role, PrometheusRegistry registry, Supplier<Readiness> readiness) {
    LiveFigures figures = new LiveFigures(role, registry, readiness);
    figures.sampler.start();
    return figures;
  }

  /** The last figures; sequence 0 before there are any. */
  public synchronized Event latest() {
    return latest;
  }

  /** Waits for figures newer than the given sequence; after close returns the last at once. */
  public synchronized Event after(long sequence) throws InterruptedException {
    while (latest.sequence() <= sequence && !closed) {
      wait();
    }
    return latest;
  }

  @Override
  public Message next(long sequence) throws InterruptedException {
    Event event = after(sequence);
    return new Message(event.sequence(), event.json());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    sampler.interrupt();
  }

  private void run() {
    long next = System.currentTimeMillis();
    try {
      while (!Thread.interrupted()) {
        sample();
        next = Math.max(next + INTERVAL_MS, System.currentTimeMillis());
        Thread.sleep(Math.max(1, next - System.currentTimeMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The live figures have stopped", e);
    }
  }

  private void sample() {
    MetricSample now = MetricSample.of(registry);
    MetricSample before = window.isEmpty() ? now : window.getLast();
    MetricSample oldest = window.isEmpty() ? now : window.getFirst();
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      values.put(figure, figure.read(now, before, oldest));
    }
    window.addLast(now);
    if (window.size() > WINDOW) {
      window.removeFirst();
    }
    String json = json(values);
    synchronized (this) {
      latest = new Event(latest.sequence() + 1, json, values);
      notifyAll();
    }
  }

  private String json(Map<Figure, Double> values) {
    Readiness state = readiness.get();
    ObjectNode json = JSON.createObjectNode();
    json.put("role", role);
    json.put("time_ms", System.currentTimeMillis());
    json.put("ready", state.ready());
    json.set("reasons", JSON.valueToTree(state.reasons()));
    ObjectNode figures = json.putObject("figures");
    values.forEach((figure, value) -> {
      if (value.isNaN() || value.isInfinite()) {
        figures.putNull(figure.key());
      } else {
        figures.put(figure.key(), value);
      }
    });
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
