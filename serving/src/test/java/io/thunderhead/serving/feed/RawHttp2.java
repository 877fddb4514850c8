package io.thunderhead.serving.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that speaks HTTP/2 as wrongly as it is told to, frame by frame. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int PATIENCE_MS = 20_000;

  private final Socket socket;

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
  }

  /** Shakes hands. */
  static RawHttp2 greeted(int port) throws IOException {
    RawHttp2 client = new RawHttp2(port);
    client.raw(PREFACE.getBytes(StandardCharsets.US_ASCII));
    client.frame(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    raw(frame.array());
  }

  /** The beginning of a call of the service. */
  void call(int stream) throws IOException {
    frame(HEADERS, END_HEADERS, stream, headers());
  }

  /** Literals without index and without Huffman's code, as HPACK allows. */
  static byte[] headers() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    String[][] all = {
      {":method", "POST"},
      {":scheme", "http"},
      {":path", "/thunderhead.v1.InNetworkPostsService/GetInNetworkPosts"},
      {":authority", "test"},
      {"content-type", "application/grpc"},
      {"te", "trailers"}
    };
    for (String[] header : all) {
      block.write(0);
      for (String text : header) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return block.toByteArray();
  }

  /** Reads on until the server closes the connection; false if it never does. */
  boolean awaitClosed() throws IOException {
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // What it says before does not matter.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // Reset.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
