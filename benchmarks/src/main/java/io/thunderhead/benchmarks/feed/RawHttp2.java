package io.thunderhead.benchmarks.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** HTTP/2 as wrong as one likes: frames are written, and answers read only to be passed over. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;

  /** Frames of types that nobody knows are passed over. */
  static final int UNKNOWN = 0x77;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int FRAME_BYTES = 16 << 10;
  private static final int PATIENCE_MS = 5_000;

  private final Socket socket;
  private final byte[] passedOver = new byte[64 << 10];

  /** Connects and shakes hands. */
  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MS);
      raw(PREFACE.getBytes(StandardCharsets.US_ASCII));
      frame(SETTINGS, 0, 0, new byte[0]);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    raw(
        ByteBuffer.allocate(9 + payload.length)
            .put((byte) (payload.length >>> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array());
  }

  /** The beginning of a call. */
  void call(int stream, @Nullable String encoding) throws IOException {
    frame(HEADERS, END_HEADERS, stream, headers(encoding));
  }

  /** A message in as many frames as it takes, whatever the server's windows say. */
  void message(int stream, int compressed, byte[] message, int lastFlags) throws IOException {
    byte[] framed = Hostility.framed(compressed, message);
    for (int at = 0; at < framed.length; at += FRAME_BYTES) {
      int end = Math.min(framed.length, at + FRAME_BYTES);
      byte[] part = Arrays.copyOfRange(framed, at, end);
      frame(DATA, end == framed.length ? lastFlags : 0, stream, part);
    }
  }

  /** Reads what has come, so that the server goes on; waits for some if there is nothing. */
  void passOver() throws IOException {
    InputStream in = socket.getInputStream();
    if (in.read(passedOver) < 0) {
      throw new IOException("closed");
    }
    while (in.available() > 0 && in.read(passedOver) >= 0) {
      // What it says does not matter.
    }
  }

  /** Literals without index and without Huffman's code, as HPACK allows. */
  static byte[] headers(@Nullable String encoding) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", "/thunderhead.v1.InNetworkPostsService/GetInNetworkPosts");
    header(block, ":authority", "hostile");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    if (encoding != null) {
      header(block, "grpc-encoding", encoding);
    }
    return block.toByteArray();
  }

  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      block.write(text.length());
      block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
