package io.thunderhead.systemtests.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The network between everybody and the broker: a TCP proxy whose links can be made bad. Two
 * threads per connection carry bytes; a connection that went dark stays dark until its ends give it
 * up, also after the network is good again.
 */
final class Link implements AutoCloseable {
  /** How the network is. */
  enum Weather {
    GOOD,
    /** New connections are reset at once. */
    REFUSING,
    /** Bytes vanish, sockets stay: half-open. */
    DARK,
    /** What the broker is told arrives, what it answers vanishes. */
    MUTE,
    /** Bytes come seven at a time. */
    SLICED,
    /** Each piece is late, and few come per second. */
    SLOW
  }

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int SLICE_BYTES = 7;
  private static final int SLOW_BYTES = 16 << 10;
  private static final int SLOW_DELAY_MS = 60;
  private static final int CONNECT_LIMIT_MS = 2_000;
  private static final int CLOGGED_LOOK_MS = 10;

  private final ServerSocket listener;
  private final int target;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private volatile Weather weather = Weather.GOOD;

  private Link(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** Listens on a free port of 127.0.0.1 for connections to another port there. */
  static Link to(int target) throws IOException {
    Link link = new Link(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().name("link").start(link::accept);
    return link;
  }

  int port() {
    return listener.getLocalPort();
  }

  void set(Weather next) {
    weather = next;
  }

  /** Ends every connection with a reset. */
  void reset() {
    pairs.forEach(Pair::reset);
  }

  /** Stops one connection after the other, then lets them go on in another order. */
  void swizzle(RandomGenerator random, Duration between) throws InterruptedException {
    List<Pair> order = new ArrayList<>(pairs);
    try {
      for (boolean clogged : new boolean[] {true, false}) {
        Collections.shuffle(order, new Random(random.nextLong()));
        for (Pair pair : order) {
          pair.clogged = clogged;
          Thread.sleep(between);
        }
      }
    } finally {
      order.forEach(pair -> pair.clogged = false);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Pair pair = new Pair(client, new Socket());
        if (weather == Weather.REFUSING) {
          pair.reset();
          continue;
        }
        Thread.ofVirtual().start(() -> pair.connect());
      } catch (IOException e) {
        // The listener was closed, or the client was gone before we looked.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    reset();
  }

  private final class Pair {
    private final Socket client;
    private final Socket broker;
    private volatile boolean dark;
    private volatile boolean mute;
    private volatile boolean clogged;

    Pair(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
    }

    void connect() {
      pairs.add(this);
      try {
        broker.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_LIMIT_MS);
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> carry(client, broker));
        carry(broker, client);
      } catch (IOException e) {
        reset();
      }
    }

    private void carry(Socket from, Socket to) {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          write(out, buffer, read, from.equals(broker));
        }
      } catch (IOException e) {
        // One side was closed or reset: so is the other.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!dark && !mute) {
        reset();
      }
    }

    private void write(OutputStream out, byte[] buffer, int length, boolean isAnswer)
        throws IOException, InterruptedException {
      while (clogged) {
        Thread.sleep(CLOGGED_LOOK_MS);
      }
      Weather now = weather;
      dark |= now == Weather.DARK;
      mute |= now == Weather.MUTE;
      if (dark || (mute && isAnswer)) {
        return;
      }
      int piece =
          switch (now) {
            case SLICED -> SLICE_BYTES;
            case SLOW -> SLOW_BYTES;
            case GOOD, REFUSING, DARK, MUTE -> length;
          };
      for (int at = 0; at < length; at += piece) {
        if (now == Weather.SLOW) {
          Thread.sleep(SLOW_DELAY_MS);
        }
        out.write(buffer, at, Math.min(piece, length - at));
      }
    }

    void reset() {
      pairs.remove(this);
      for (Socket socket : new Socket[] {client, broker}) {
        try {
          socket.setSoLinger(true, 0);
          socket.close();
        } catch (IOException e) {
          // It is gone, which is what was wanted.
        }
      }
    }
  }
}
