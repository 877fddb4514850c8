package io.thunderhead.pipeline.edge.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.pipeline.edge.ParsedRecord;
import io.thunderhead.pipeline.edge.RecordFault;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.RecordParser;
import io.thunderhead.pipeline.edge.firehose.BackOff;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.FirehoseConnection;
import io.thunderhead.pipeline.edge.firehose.Frame;
import io.thunderhead.pipeline.edge.firehose.RefusedException;
import io.thunderhead.pipeline.edge.firehose.RetryLaterException;
import io.thunderhead.protocol.v1.Activity;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one connection: it connects, reads, parses and hands over, and connects again from
 * its own cursor whenever the connection ends. Only a full hand-off holds it up; then it does not
 * read, and after a while it lets the connection go.
 */
final class ConnectionLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLoop.class);
  private static final long PUT_LIMIT_MS = 200;

  /** How long a full hand-off may hold a connection that nobody reads. */
  private static final long HOLD_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  private final Firehose firehose;
  private final int connection;
  private final HandOff handOff;
  private final EdgeMetrics metrics;
  private final BackOff backOff;
  private final int deadLetterBytes;
  private final CountDownLatch stop = new CountDownLatch(1);

  private RecordFormat format;
  private @Nullable RecordParser parser;
  private long cursor;
  private boolean said;

  private volatile @Nullable FirehoseConnection open;
  private volatile @Nullable String problem = "not connected yet";
  private volatile @Nullable String fatal;
  private volatile boolean ended;

  ConnectionLoop(
      Firehose firehose,
      int connection,
      long cursor,
      EdgeConfig config,
      HandOff handOff,
      BackOff backOff,
      EdgeMetrics metrics) {
    this.firehose = firehose;
    this.connection = connection;
    this.cursor = cursor;
    this.format = config.format();
    this.deadLetterBytes = config.deadLetterBytes();
    this.handOff = handOff;
    this.backOff = backOff;
    this.metrics = metrics;
  }

  /** Ends the reading; any thread. */
  void stop() {
    stop.countDown();
    FirehoseConnection current = open;
    if (current != null) {
      current.close();
    }
  }

  /** Why nothing comes, or null. */
  @Nullable String problem() {
    return problem;
  }

  /** Why nothing will come any more, or null. */
  @Nullable String fatal() {
    return fatal;
  }

  /** Whether the source came to its end. */
  boolean ended() {
    return ended;
  }

  @Override
  public void run() {
    try {
      while (!stopped() && !ended && fatal == null) {
        connectAndRead();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connectAndRead() throws InterruptedException {
    String reason;
    Duration wait;
    try (FirehoseConnection current = firehose.connect(connection, cursor)) {
      open = current;
      if (stopped()) {
        return;
      }
      problem = null;
      if (cursor > 0 && current.uncoveredMs() > 0) {
        metrics.gap(current.uncoveredMs());
        LOG.warn(
            "{} was not read for {} ms, and can't give them again",
            firehose.name(),
            current.uncoveredMs());
      }
      if (said) {
        said = false;
        LOG.info("Connected to {} again", firehose.name());
      }
      reason = read(current);
      if (ended || stopped()) {
        return;
      }
      wait = backOff.after(new IOException(reason));
    } catch (RefusedException e) {
      fatal = e.getMessage();
      problem = e.getMessage();
      return;
    } catch (IOException e) {
      if (stopped()) {
        return;
      }
      reason = label(e);
      wait = backOff.after(e);
      problem = firehose.name() + ": " + e.getMessage();
      if (!firehose.live()) {
        fatal = firehose.name() + ": " + e.getMessage();
        return;
      }
    } finally {
      open = null;
    }
    metrics.reconnect(reason);
    if (problem == null) {
      problem = firehose.name() + ": connection ended";
    }
    if (!said) {
      said = true;
      LOG.info("{}; connecting again in {} ms", problem, wait.toMillis());
    }
    boolean _ = stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Reads until the connection ends, and says why it did. */
  private String read(FirehoseConnection current) throws IOException, InterruptedException {
    while (!stopped()) {
      Frame frame = current.next();
      if (frame == null) {
        ended = !firehose.live() && !stopped();
        return "ended";
      }
      if (frame.kind() == Frame.Kind.HEARTBEAT) {
        metrics.heartbeat();
        cursor = Math.max(cursor, frame.cursor());
        continue;
      }
      backOff.reset();
      Received received = parse(frame);
      boolean held = !handOff.put(received, PUT_LIMIT_MS) && putLate(received, current);
      cursor = Math.max(cursor, frame.cursor());
      if (held) {
        return "held_back";
      }
    }
    return "stopped";
  }

  /** Waits for room without end; returns whether the connection was closed meanwhile. */
  private boolean putLate(Received received, FirehoseConnection current)
      throws InterruptedException {
    long start = System.nanoTime();
    boolean closed = false;
    while (!handOff.put(received, PUT_LIMIT_MS)) {
      if (stopped()) {
        metrics.abandoned();
        return true; // It was never accepted: its cursor is not saved.
      }
      if (firehose.live() && !closed && System.nanoTime() - start > HOLD_LIMIT_NS) {
        closed = true;
        problem = "there is no room for what " + firehose.name() + " sends";
        current.close();
      }
    }
    return closed;
  }

  private Received parse(Frame frame) {
    ParsedRecord parsed =
        switch (frame.kind()) {
          case RECORD -> record(frame);
          case UNTERMINATED ->
              record(frame) instanceof ParsedRecord.Malformed
                  ? new ParsedRecord.Malformed(RecordFault.CUT_SHORT)
                  : record(frame);
          case TOO_LONG -> new ParsedRecord.Malformed(RecordFault.LINE_TOO_LONG);
          case UNDECODABLE -> new ParsedRecord.Malformed(RecordFault.NOT_ZSTD);
          case HEARTBEAT -> throw new IllegalStateException("a heartbeat is no record");
        };
    // An accepted record can still be refused, and most formats carry its bytes in the activity.
    byte[] letter =
        parsed instanceof ParsedRecord.Malformed
                || (parsed instanceof ParsedRecord.Accepted(Activity activity)
                    && activity.getOriginal().isEmpty())
            ? Arrays.copyOf(frame.bytes(), Math.min(frame.length(), deadLetterBytes))
            : Received.NO_LETTER;
    return new Received(connection, frame.cursor(), parsed, letter, frame.fullLength());
  }

  private ParsedRecord record(Frame frame) {
    RecordParser known = parser;
    if (known == null) {
      format =
          format == RecordFormat.AUTO ? RecordFormat.detect(frame.bytes(), frame.length()) : format;
      if (format == RecordFormat.AUTO) {
        return new ParsedRecord.Malformed(RecordFault.UNKNOWN_FORMAT);
      }
      known = format.newParser();
      parser = known;
    }
    ParsedRecord parsed = known.parse(frame.bytes(), frame.length());
    return parsed instanceof ParsedRecord.Malformed(RecordFault fault)
            && fault == RecordFault.NOT_JSON
            && !isUtf8(frame)
        ? new ParsedRecord.Malformed(RecordFault.INVALID_UTF8)
        : parsed;
  }

  private static boolean isUtf8(Frame frame) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(frame.bytes(), 0, frame.length()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String label(IOException e) {
    return switch (e) {
      case RetryLaterException later ->
          later.kind() == RetryLaterException.Kind.RATE_LIMITED ? "rate_limited" : "server_error";
      case SocketTimeoutException _ -> "stalled";
      default -> "network";
    };
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }
}
