package io.thunderhead.app.spike;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thunderhead.app.metrics.LiveFeed;
import org.jspecify.annotations.Nullable;

/** The run so far, for the page: each message has all of it, so that whoever comes late sees it. */
final class BendFeed implements LiveFeed, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_POINTS = 1_200;

  // Guarded by this.
  private Message latest = new Message(0, "{}");
  private boolean closed;

  /** A new state of things. */
  synchronized void say(String state, @Nullable Bend bend, long published) {
    ObjectNode json = JSON.createObjectNode();
    json.put("state", state);
    json.put("published", published);
    if (bend != null) {
      json.put("shape", bend.load().shape().name());
      json.put("scale", bend.load().scale());
      json.put("seconds", bend.load().seconds());
      json.put("limit", bend.load().innerLimit());
      ArrayNode points = json.putArray("points");
      var all = bend.points();
      for (Bend.Point point : all.subList(Math.max(0, all.size() - MAX_POINTS), all.size())) {
        points
            .addArray()
            .add(Math.round(point.second() * 10) / 10.0)
            .add(Math.round(point.edge()))
            .add(Math.round(point.inner()))
            .add(Math.round(point.backlog()));
      }
    }
    try {
      latest = new Message(latest.sequence() + 1, JSON.writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    notifyAll();
  }

  @Override
  public synchronized Message next(long sequence) throws InterruptedException {
    while (latest.sequence() <= sequence && !closed) {
      wait();
    }
    return latest;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
