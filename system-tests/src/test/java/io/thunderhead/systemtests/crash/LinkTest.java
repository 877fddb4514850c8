package io.thunderhead.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.systemtests.crash.Link.Weather;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bad network between two sockets. */
@Timeout(30)
@SuppressWarnings("NullAway.Init")
final class LinkTest {
  private static final int SHORT_MS = 300;

  private ServerSocket echo;
  private Link link;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    link = Link.to(echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    echo.close();
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException e) {
                // The other side is gone.
              }
            });
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static byte[] echoed(Socket socket, int length) throws IOException {
    socket.getOutputStream().write(new byte[length]);
    return socket.getInputStream().readNBytes(length);
  }

  @Test
  void goodAndSliced_carryEveryByte() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 100_000)).hasSize(100_000);
      link.set(Weather.SLICED);
      assertThat(echoed(socket, 1_000)).hasSize(1_000);
    }
  }

  @Test
  void dark_staysDarkForOldConnections_andNotForNewOnes() throws IOException {
    try (Socket old = connect()) {
      assertThat(echoed(old, 1)).hasSize(1);
      link.set(Weather.DARK);
      old.setSoTimeout(SHORT_MS);
      assertThatThrownBy(() -> echoed(old, 1)).isInstanceOf(SocketTimeoutException.class);
      link.set(Weather.GOOD);
      assertThatThrownBy(() -> echoed(old, 1)).isInstanceOf(SocketTimeoutException.class);
      try (Socket fresh = connect()) {
        assertThat(echoed(fresh, 1)).hasSize(1);
      }
    }
  }

  @Test
  void reset_endsAConnection() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 1)).hasSize(1);
      link.reset();
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
    }
  }
}
