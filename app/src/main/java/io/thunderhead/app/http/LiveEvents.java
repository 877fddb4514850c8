package io.thunderhead.app.http;

import com.sun.net.httpserver.HttpExchange;
import io.thunderhead.app.metrics.LiveFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * The messages of a {@link LiveFeed} as server-sent events, one a second to each subscriber. A
 * subscriber over the limit is turned away at once. A stream ends after a while with an event that
 * says so, and whoever still reads asks again; one that stopped reading is cut by the server's own
 * limit on an answer's time, which is therefore longer.
 */
final class LiveEvents implements AutoCloseable {
  static final int MAX_SUBSCRIBERS = 32;

  private final Semaphore places = new Semaphore(MAX_SUBSCRIBERS);
  private final LiveFeed feed;
  private final long lastsNs;
  private volatile boolean closed;

  /**
   * @param lasts how long a stream is
   */
  LiveEvents(LiveFeed feed, Duration lasts) {
    this.feed = feed;
    this.lastsNs = lasts.toNanos();
  }

  /** Keeps the handler's thread until the subscriber goes or the server closes. */
  void stream(HttpExchange exchange) throws IOException {
    if (!places.tryAcquire()) {
      exchange.getResponseHeaders().set("Retry-After", "10");
      Answer.text(503, "all " + MAX_SUBSCRIBERS + " places are taken").send(exchange);
      return;
    }
    try {
      Answer.harden(exchange);
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
      send(exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
      exchange.close();
    }
  }

  private void send(OutputStream body) throws IOException, InterruptedException {
    long begunNs = System.nanoTime();
    long sequence = 0;
    while (!closed && System.nanoTime() - begunNs < lastsNs) {
      LiveFeed.Message event = feed.next(sequence);
      sequence = event.sequence();
      write(body, "data: " + event.json());
    }
    write(body, "event: end\ndata:");
  }

  private static void write(OutputStream body, String event) throws IOException {
    body.write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
    body.flush();
  }

  @Override
  public void close() {
    closed = true;
  }
}
