package io.thunderhead.app.spike;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher of a firehose as PowerTrack is one: lines of JSON over an HTTP answer that never
 * ends, blank lines as heartbeats, and with {@code backfillMinutes} everything of those last
 * minutes again. It sends what its load shape says and forgives nothing: while its reader is slow
 * or away, what is due waits, as it would in the publisher's own house.
 *
 * <p>Each connection has a thread; only the newest one sends.
 */
public final class Publisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final String PATH = "/firehose.json";
  private static final int LINES_AT_ONCE = 400;
  private static final long IDLE_MS = 4;
  private static final long HEARTBEAT_NANOS = 2_000_000_000L;
  private static final byte[] HEARTBEAT = {'\r', '\n'};

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PostLines lines = new PostLines();

  // Guarded by this.
  private final List<Long> firstOfSecond = new ArrayList<>();
  private DoubleUnaryOperator rate = second -> 0;
  private long startNanos;
  private long lastNanos;
  private double seconds;
  private double due;
  private long next;
  private long published;
  private long newest;
  private volatile boolean closed;

  private Publisher(HttpServer server) {
    this.server = server;
  }

  public static Publisher start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    Publisher publisher = new Publisher(server);
    server.createContext(PATH, publisher::stream);
    server.setExecutor(publisher.threads);
    server.start();
    return publisher;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /**
   * From now on posts become due.
   *
   * @param rate posts a second, by the seconds since now; nothing after {@code seconds}
   */
  public synchronized void begin(DoubleUnaryOperator rate, double seconds) {
    accrue(System.nanoTime());
    firstOfSecond.clear();
    this.rate = rate;
    this.seconds = seconds;
    startNanos = System.nanoTime();
    lastNanos = startNanos;
  }

  /** Different posts sent so far, whether they arrived or not. */
  public synchronized long published() {
    return published;
  }

  /** Posts due and not sent yet: how far the reader holds us up. */
  public synchronized long waiting() {
    accrue(System.nanoTime());
    return Math.max(0, (long) due - published);
  }

  /** True once the load is over and all of it is sent. */
  public synchronized boolean finished() {
    long now = System.nanoTime();
    accrue(now);
    return startNanos != 0 && (now - startNanos) / 1e9 >= seconds && published >= (long) due;
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
  }

  private void stream(HttpExchange exchange) throws IOException {
    long connection = connected(minutes(exchange.getRequestURI().getQuery()));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      send(connection, out);
    } catch (IOException e) {
      LOG.info("The reader of the firehose is gone: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void send(long connection, OutputStream out) throws IOException, InterruptedException {
    long wroteNanos = System.nanoTime();
    out.write(HEARTBEAT);
    out.flush();
    while (!closed && isNewest(connection)) {
      byte[] ready = take(connection);
      long now = System.nanoTime();
      if (ready.length > 0) {
        out.write(ready);
        out.flush();
        wroteNanos = now;
      } else if (now - wroteNanos > HEARTBEAT_NANOS) {
        out.write(HEARTBEAT);
        out.flush();
        wroteNanos = now;
      } else {
        Thread.sleep(IDLE_MS);
      }
    }
  }

  private synchronized boolean isNewest(long connection) {
    return connection == newest;
  }

  /** A new connection; with a backfill it begins where the stream was so many minutes ago. */
  private synchronized long connected(int minutes) {
    if (minutes > 0 && startNanos != 0) {
      int second = (int) ((System.nanoTime() - startNanos) / 1_000_000_000L) - 60 * minutes;
      next =
          second <= 0 || firstOfSecond.isEmpty()
              ? 0
              : firstOfSecond.get(Math.min(second, firstOfSecond.size() - 1));
    }
    return ++newest;
  }

  /** The next lines, none if no more are due. */
  private synchronized byte[] take(long connection) {
    long now = System.nanoTime();
    accrue(now);
    long count = Math.min(LINES_AT_ONCE, (long) due - next);
    if (count <= 0 || connection != newest) {
      return new byte[0];
    }
    long nowMs = System.currentTimeMillis();
    int second = (int) ((now - startNanos) / 1_000_000_000L);
    while (firstOfSecond.size() <= second) {
      firstOfSecond.add(published);
    }
    lines.clear();
    for (int i = 0; i < count; i++) {
      lines.add(next++, nowMs);
    }
    published = Math.max(published, next);
    return java.util.Arrays.copyOf(lines.buffer(), lines.length());
  }

  private void accrue(long now) {
    if (startNanos == 0 || now <= lastNanos) {
      return;
    }
    // In small steps, so that a steep slope counts as it is drawn.
    while (lastNanos < now) {
      long step = Math.min(10_000_000L, now - lastNanos);
      double second = (lastNanos - startNanos) / 1e9;
      due += second >= seconds ? 0 : rate.applyAsDouble(second) * step / 1e9;
      lastNanos += step;
    }
  }

  private static int minutes(@org.jspecify.annotations.Nullable String query) {
    if (query == null) {
      return 0;
    }
    for (String parameter : query.split("&", -1)) {
      if (parameter.matches("backfillMinutes=\\d{1,4}")) {
        return Integer.parseInt(parameter.substring(parameter.indexOf('=') + 1));
      }
    }
    return 0;
  }
}
