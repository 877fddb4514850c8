package io.thunderhead.pipeline.edge.firehose;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket, from which messages are asked one by one as they are taken, so that a reader who
 * stops also stops the server. A quiet stream is pinged; it has stalled only if not even the answer
 * comes.
 *
 * <pre>
 *   WebSocket's thread ─▶ queue of at most a few messages ─▶ next()
 * </pre>
 */
final class JetstreamConnection implements FirehoseConnection {
  /** Messages asked for ahead of their reader. */
  private static final int AHEAD = 256;

  private static final JsonFactory JSON = new JsonFactory();

  /** What the socket's thread tells its reader. */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
  private sealed interface Message {
    record Whole(byte[] bytes, boolean compressed) implements Message {}

    record TooLong(byte[] beginning, long fullLength) implements Message {}

    record Alive() implements Message {}

    record Ended(@Nullable Throwable cause) implements Message {}
  }

  private final int maxBytes;
  private final Duration stallTimeout;
  private final @Nullable ZstdDecompressCtx zstd;
  private final byte[] plain;
  // Bounded by what is asked of the socket, and by one pong and one end.
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private volatile @Nullable WebSocket socket;
  private volatile boolean closed;
  private long cursor;

  JetstreamConnection(int maxBytes, Duration stallTimeout, byte[] zstdDictionary, long cursor) {
    this.maxBytes = maxBytes;
    this.stallTimeout = stallTimeout;
    this.cursor = cursor;
    this.plain = new byte[zstdDictionary.length == 0 ? 0 : maxBytes];
    this.zstd =
        zstdDictionary.length == 0 ? null : new ZstdDecompressCtx().loadDict(zstdDictionary);
  }

  WebSocket.Listener listener() {
    return new Listener();
  }

  void open(WebSocket opened) {
    socket = opened;
    opened.request(AHEAD);
  }

  @Override
  public @Nullable Frame next() throws IOException, InterruptedException {
    boolean pinged = false;
    while (true) {
      Message message = messages.poll(stallTimeout.toMillis() / 2, TimeUnit.MILLISECONDS);
      switch (message) {
        case null -> {
          if (pinged) {
            throw new IOException("no message for " + stallTimeout.toMillis() + " ms");
          }
          pinged = true;
          ping();
        }
        case Message.Whole(byte[] bytes, boolean compressed) -> {
          more();
          return compressed ? decompressed(bytes) : record(bytes, bytes.length);
        }
        case Message.TooLong(byte[] beginning, long fullLength) -> {
          more();
          return new Frame(Frame.Kind.TOO_LONG, beginning, beginning.length, fullLength, cursor);
        }
        case Message.Alive() -> {
          return Frame.heartbeat(cursor);
        }
        case Message.Ended(Throwable cause) -> {
          if (cause == null) {
            return null;
          }
          throw new IOException(String.valueOf(cause.getMessage()), cause);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
    messages.add(new Message.Ended(new IOException("closed")));
  }

  private void ping() {
    WebSocket open = socket;
    if (open != null && !closed) {
      var _ = open.sendPing(ByteBuffer.allocate(0));
    }
  }

  private void more() {
    WebSocket open = socket;
    if (open != null) {
      open.request(1);
    }
  }

  Frame decompressed(byte[] bytes) {
    ZstdDecompressCtx open = zstd;
    if (open == null) {
      return new Frame(Frame.Kind.UNDECODABLE, bytes, bytes.length, bytes.length, cursor);
    }
    try {
      int length = open.decompressByteArray(plain, 0, plain.length, bytes, 0, bytes.length);
      return record(plain, length);
    } catch (ZstdException e) {
      return new Frame(Frame.Kind.UNDECODABLE, bytes, bytes.length, bytes.length, cursor);
    }
  }

  private Frame record(byte[] bytes, int length) {
    cursor = Math.max(cursor, timeOf(bytes, length));
    return new Frame(Frame.Kind.RECORD, bytes, length, length, cursor);
  }

  /** The frame's {@code time_us}; 0 if it has none. It stands near the beginning. */
  private static long timeOf(byte[] bytes, int length) {
    try (JsonParser json = JSON.createParser(bytes, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return 0;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean time = json.currentName().equals("time_us");
        JsonToken value = json.nextToken();
        if (time) {
          return value == JsonToken.VALUE_NUMBER_INT ? Math.max(0, json.getLongValue()) : 0;
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      // A record that can't be read is its parser's business.
    }
    return 0;
  }

  /** Called by the socket's thread, one call at a time. */
  private final class Listener implements WebSocket.Listener {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private long fullLength;

    @Override
    public void onOpen(WebSocket opened) {
      // Nothing is asked for before there is a reader.
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      take(from, part.toString().getBytes(UTF_8), last, false);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      take(from, bytes, last, true);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
      alive(from);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      alive(from);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      messages.add(new Message.Ended(null));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
      messages.add(new Message.Ended(cause));
    }

    private void alive(WebSocket from) {
      from.request(1);
      if (messages.isEmpty()) {
        messages.add(new Message.Alive());
      }
    }

    private void take(WebSocket from, byte[] part, boolean last, boolean binary) {
      int room = (int) Math.min(part.length, maxBytes - (long) text.size());
      text.write(part, 0, room);
      fullLength += part.length;
      if (!last) {
        from.request(1);
        return;
      }
      byte[] bytes = text.toByteArray();
      messages.add(
          fullLength > maxBytes
              ? new Message.TooLong(bytes, fullLength)
              : new Message.Whole(bytes, binary));
      text.reset();
      fullLength = 0;
    }
  }
}
