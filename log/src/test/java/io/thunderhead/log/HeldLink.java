package io.thunderhead.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A way to a broker whose connections can be held up: nothing is closed, and nothing goes through
 * in either direction until it is released. So a member loses its session as it does when its
 * machine or network stands still.
 */
public final class HeldLink implements AutoCloseable {
  private final ServerSocket server;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile int brokerPort;

  public HeldLink() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Where clients connect, and what the broker is to advertise. */
  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Lets connections through to this port from now on. */
  public void open(int port) {
    brokerPort = port;
    Thread.ofVirtual().name("link").start(this::accept);
  }

  /** How many connections there have been; those to come are numbered from here. */
  public int mark() {
    return connections.size();
  }

  /** Holds up the connections from number {@code mark} on that exist now. */
  public void hold(int mark) {
    connections.subList(mark, connections.size()).forEach(one -> one.held(true));
  }

  public void releaseAll() {
    connections.forEach(one -> one.held(false));
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket broker = new Socket();
        broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort));
        Connection connection = new Connection(client, broker);
        connections.add(connection);
        connection.start();
      }
    } catch (IOException e) {
      // Closed, or the broker is gone: in both cases the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    connections.forEach(Connection::close);
  }

  private static final class Connection {
    private final Socket client;
    private final Socket broker;
    private boolean held; // guarded by this

    Connection(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
    }

    void start() {
      Thread.ofVirtual().start(() -> pump(client, broker));
      Thread.ofVirtual().start(() -> pump(broker, client));
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[64 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          awaitRelease();
          out.write(buffer, 0, read);
        }
      } catch (IOException | InterruptedException e) {
        // Either side is gone; the other is told by the close.
      } finally {
        close();
      }
    }

    synchronized void held(boolean now) {
      held = now;
      notifyAll();
    }

    private synchronized void awaitRelease() throws InterruptedException {
      while (held) {
        wait();
      }
    }

    void close() {
      held(false);
      try {
        client.close();
        broker.close();
      } catch (IOException e) {
        // Nothing of theirs is needed any more.
      }
    }
  }
}
