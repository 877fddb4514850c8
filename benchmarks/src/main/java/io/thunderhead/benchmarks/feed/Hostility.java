package io.thunderhead.benchmarks.feed;

import static io.thunderhead.benchmarks.feed.RawHttp2.CONTINUATION;
import static io.thunderhead.benchmarks.feed.RawHttp2.DATA;
import static io.thunderhead.benchmarks.feed.RawHttp2.END_HEADERS;
import static io.thunderhead.benchmarks.feed.RawHttp2.END_STREAM;
import static io.thunderhead.benchmarks.feed.RawHttp2.HEADERS;
import static io.thunderhead.benchmarks.feed.RawHttp2.PING;
import static io.thunderhead.benchmarks.feed.RawHttp2.RST_STREAM;
import static io.thunderhead.benchmarks.feed.RawHttp2.SETTINGS;
import static io.thunderhead.benchmarks.feed.RawHttp2.UNKNOWN;

import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** What no caller should do to a server. Each does one step after the other, for ever. */
enum Hostility {
  /** Asks for whole answers on all streams and reads nothing. */
  SLOW_READER(64, 1_000) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      if (i < STREAMS) {
        client.call(stream(i), null);
        client.message(stream(i), 0, FeedWorkload.ofUser(1 + i % FeedWorkload.USERS), END_STREAM);
      } else {
        client.frame(UNKNOWN, 0, 0, new byte[0]); // Only to notice that it was cut.
      }
    }
  },
  /** Requests that come a byte at a time. */
  SLOW_WRITER(64, 20) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      if (i < STREAMS) {
        client.call(stream(i), null);
      } else {
        client.frame(DATA, 0, stream(i % STREAMS), new byte[] {0});
      }
    }
  },
  /** Connections that are opened and then dead, each handshake begun. */
  HALF_OPEN(900, 1_000) {
    @Override
    void step(RawHttp2 client, int i) {
      // Nothing any more.
    }
  },
  /** Connections, one after the other. */
  CONNECTIONS(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      throw new IOException("and another one");
    }
  },
  /** Calls begun and never ended. */
  STREAMS_FLOOD(16, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.call(stream(i), null);
    }
  },
  /** Calls begun and reset at once. */
  RESETS(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.call(stream(i), null);
      client.frame(RST_STREAM, 0, stream(i), new byte[] {0, 0, 0, 8});
    }
  },
  PINGS(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.frame(PING, 0, 0, new byte[8]);
    }
  },
  SETTINGS_FLOOD(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.frame(SETTINGS, 0, 0, new byte[0]);
    }
  },
  /** Headers without end. */
  HUGE_HEADERS(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.frame(i == 0 ? HEADERS : CONTINUATION, 0, 1, RawHttp2.headers(null));
    }
  },
  /** Ten kilobytes that inflate beyond what a request may have. */
  GZIP_BOMB(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.call(stream(i), "gzip");
      client.message(stream(i), 1, BOMB, END_STREAM);
      client.passOver();
    }
  },
  /** Requests whose lists are longer than any limit. */
  HUGE_LISTS(2, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      client.call(stream(i), null);
      client.message(stream(i), 0, LISTS, END_STREAM);
      client.passOver();
    }
  },
  GARBAGE(4, 0) {
    @Override
    void step(RawHttp2 client, int i) throws IOException {
      byte[] garbage = new byte[4_096];
      Arrays.fill(garbage, (byte) (i * 31));
      client.frame(HEADERS, END_HEADERS, stream(i), garbage);
    }
  };

  /** Of a connection; what comes after is done slowly where it is to be slow. */
  static final int STREAMS = 500;

  private static final byte[] BOMB = bomb();
  private static final byte[] LISTS = lists();

  /** Connections at once, each of a thread. */
  final int connections;

  /** Between two steps of a connection once its streams are open. */
  final int pauseMs;

  Hostility(int connections, int pauseMs) {
    this.connections = connections;
    this.pauseMs = pauseMs;
  }

  /**
   * One step of a connection.
   *
   * @throws IOException if the server has had enough of it; another one follows
   */
  abstract void step(RawHttp2 client, int i) throws IOException;

  private static int stream(int i) {
    return 2 * i + 1;
  }

  private static byte[] bomb() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[10 << 20]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] lists() {
    GetInNetworkPostsRequest.Builder request = GetInNetworkPostsRequest.newBuilder();
    for (long id = 1; id <= 500_000; id++) {
      request.addFollowingUserIds(id << 20).addExcludeTweetIds(id);
    }
    return request.build().toByteArray();
  }

  /** gRPC's frame of a message. */
  static byte[] framed(int compressed, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) compressed)
        .putInt(message.length)
        .put(message)
        .array();
  }
}
