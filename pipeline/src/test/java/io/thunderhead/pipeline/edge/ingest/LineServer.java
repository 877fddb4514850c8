package io.thunderhead.pipeline.edge.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An HTTP server at the level of its bytes: each connection is answered by the next script, and the
 * last one answers all that follow. What a well-behaved server library would not send, this does.
 */
final class LineServer implements AutoCloseable {
  static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

  /** What one connection is told. */
  interface Script {
    void answer(Connection connection) throws Exception;
  }

  private final ServerSocket listening;
  private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Heads of the requests so far, the first line and the headers of each. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  LineServer(Script... answers) throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    scripts.addAll(List.of(answers));
    Thread.ofVirtual().start(this::accept);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + path);
  }

  /** An answer that is no stream. */
  static Script status(String statusAndHeaders) {
    return connection ->
        connection.send("HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\n\r\n");
  }

  /** Lines, and then a connection that stays open. */
  static Script lines(List<String> lines) {
    return connection -> {
      connection.send(HEAD + String.join("\r\n", lines) + "\r\n");
      connection.hold();
    };
  }

  private void accept() {
    Script latest = connection -> {};
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        sockets.add(socket);
        Script next = scripts.poll();
        latest = next == null ? latest : next;
        Script script = latest;
        Thread.ofVirtual().start(() -> serve(socket, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line).append('\n');
      }
      requests.add(head.toString());
      script.answer(new Connection(socket));
    } catch (Exception e) {
      // The other side went away, which is what many of these tests are about.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One connection, from the server's side. */
  static final class Connection {
    private final Socket socket;

    Connection(Socket socket) {
      this.socket = socket;
    }

    void send(String text) throws IOException {
      send(text.getBytes(UTF_8));
    }

    void send(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    OutputStream out() throws IOException {
      return socket.getOutputStream();
    }

    /** Nothing more, until the other side closes. */
    void hold() throws IOException {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** RST in place of FIN. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
