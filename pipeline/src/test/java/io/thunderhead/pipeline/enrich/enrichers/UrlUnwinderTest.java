package io.thunderhead.pipeline.enrich.enrichers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.thunderhead.protocol.v1.UnwoundUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class UrlUnwinderTest {
  private static final UrlSettings TESTS = UrlSettings.defaults().withPrivateAllowed(true);

  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch slow = new CountDownLatch(1);
  private final HttpServer server = create();
  private String base = "";

  @BeforeEach
  void start() {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    base = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    slow.countDown();
    server.stop(0);
  }

  @Test
  void redirects_areFollowedToTheirEnd_andRemembered() throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(TESTS)) {
      UnwoundUrl end = unwinder.unwind(base + "/hop/3", later());
      assertThat(end.getUnwound()).isEqualTo(base + "/hop/0");
      assertThat(end.getStatus()).isEqualTo(200);
      assertThat(asked.get()).isEqualTo(4);
      assertThat(unwinder.unwind(base + "/hop/3", later())).isEqualTo(end);
      assertThat(asked.get()).isEqualTo(4);
    }
  }

  @Test
  void bodyOfAnyLength_isNotWaitedFor() throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(TESTS)) {
      assertThat(unwinder.unwind(base + "/endless", later()).getStatus()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/loop, too_many_redirects",
    "/to/ftp:%2F%2Fexample.org, not_http",
    "/to/file:%2F%2F%2Fetc%2Fpasswd, not_http",
    "/to/http:%2F%2Fuser:word@example.org, with_credentials",
    "/to/http:%2F%2F%20, not_a_url"
  })
  void badRedirect_saysWhy(String path, String reason) throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(TESTS)) {
      UnwoundUrl end = unwinder.unwind(base + path, later());
      assertThat(end.getReason()).isEqualTo(reason);
      assertThat(end.getUnwound()).isEmpty();
    }
  }

  @Test
  void serverThatDoesNotAnswer_timesOut_andIsNotAskedAgainSoon() throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(TESTS.withTimeouts(100, 5_000))) {
      assertThat(unwinder.unwind(base + "/slow", later()).getReason()).isEqualTo("timed_out");
      assertThat(unwinder.unwind(base + "/slow", later()).getReason()).isEqualTo("timed_out");
      assertThat(asked.get()).isEqualTo(1);
    }
  }

  @Test
  void noTimeLeft_isNotRememberedAgainstTheUrl() throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(TESTS)) {
      assertThat(unwinder.unwind(base + "/hop/0", System.nanoTime() - 1).getReason())
          .isEqualTo("timed_out");
      assertThat(unwinder.unwind(base + "/hop/0", later()).getStatus()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://2130706433/",
        "http://224.0.0.1/",
        "http://255.255.255.255/"
      })
  void addressThatIsNotPublic_isRefused(String url) throws Exception {
    String refused = new AddressRules(false).refuse(URI.create(url));
    assertThat(refused).isIn("private_address", "not_a_url");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
  void publicAddress_isAllowed(String address) throws Exception {
    assertThat(AddressRules.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void loopback_isRefusedUnlessAllowed() throws Exception {
    try (UrlUnwinder unwinder = new UrlUnwinder(UrlSettings.defaults())) {
      assertThat(unwinder.unwind(base + "/hop/0", later()).getReason())
          .isEqualTo("private_address");
      assertThat(asked.get()).isZero();
    }
  }

  private static HttpServer create() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long later() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.startsWith("/hop/")) {
        int left = Integer.parseInt(path.substring("/hop/".length()));
        redirectOrEnd(exchange, left == 0 ? null : "/hop/" + (left - 1));
      } else if (path.equals("/loop")) {
        redirectOrEnd(exchange, base + "/loop");
      } else if (path.startsWith("/to/")) {
        redirectOrEnd(exchange, path.substring("/to/".length()));
      } else if (path.equals("/endless")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(new byte[1_000]);
        exchange.getResponseBody().flush();
        slow.await();
      } else {
        slow.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void redirectOrEnd(HttpExchange exchange, @Nullable String location)
      throws IOException {
    if (location != null) {
      exchange.getResponseHeaders().set("Location", location);
    }
    exchange.sendResponseHeaders(location == null ? 200 : 302, -1);
  }
}
