package io.thunderhead.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.systemtests.crash.Link.Weather;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
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
  void mute_carriesTheQuestionButNoAnswer() throws IOException {
    try (ServerSocket asked = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Link oneWay = Link.to(asked.getLocalPort());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), oneWay.port());
        Socket server = asked.accept()) {
      oneWay.set(Weather.MUTE);
      client.getOutputStream().write(7);
      server.setSoTimeout(10_000);
      assertThat(server.getInputStream().read()).isEqualTo(7);
      server.getOutputStream().write(8);
      client.setSoTimeout(SHORT_MS);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void swizzle_stopsEachConnectionAndLetsItGoOn() throws Exception {
    try (Socket one = connect();
        Socket other = connect()) {
      assertThat(echoed(one, 1)).hasSize(1);
      assertThat(echoed(other, 1)).hasSize(1);
      Thread swizzle =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  link.swizzle(new SplittableRandom(1), Duration.ofMillis(2 * SHORT_MS));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      one.setSoTimeout(SHORT_MS / 10);
      Awaitility.await().until(() -> !answers(one));
      swizzle.join();
      one.setSoTimeout(10_000);
      assertThat(answers(one)).isTrue();
      assertThat(echoed(other, 1)).hasSize(1);
    }
  }

  private static boolean answers(Socket socket) throws IOException {
    try {
      return echoed(socket, 1).length == 1;
    } catch (SocketTimeoutException e) {
      return false;
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
