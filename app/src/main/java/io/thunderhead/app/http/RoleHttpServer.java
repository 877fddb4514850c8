package io.thunderhead.app.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.thunderhead.access.Access;
import io.thunderhead.access.ServerTls;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.metrics.LiveFeed;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of a role: health, metrics, live figures and the page. It only reads, and only what
 * it is given; nothing here can change the role.
 */
public final class RoleHttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoleHttpServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BACKLOG = 128;
  private static final Duration EVENTS_LAST = Duration.ofSeconds(60);

  /** For a whole answer; whoever takes longer to read it is cut. */
  private static final Duration ANSWER_LIMIT = EVENTS_LAST.plusSeconds(15);

  private final HttpServer server;
  private final ExecutorService handlers;
  private final LiveEvents events;
  private final String address;

  private RoleHttpServer(
      HttpServer server, ExecutorService handlers, LiveEvents events, String address) {
    this.server = server;
    this.handlers = handlers;
    this.events = events;
    this.address = address;
  }

  /**
   * Binds and answers from then on.
   *
   * @param access who may come in, and how
   * @param readiness asked at each request and each second by the page; must not wait
   * @throws RoleFailedException if the port is taken or not ours to bind
   */
  public static RoleHttpServer start(
      HttpConfig config,
      Access access,
      MetricsText metrics,
      LiveFeed figures,
      Supplier<Readiness> readiness)
      throws RoleFailedException, IOException {
    return start(config, access, metrics, figures, readiness, "page.html");
  }

  /**
   * The same with a page of its own.
   *
   * @param page the name of a resource beside this class
   */
  public static RoleHttpServer start(
      HttpConfig config,
      Access access,
      MetricsText metrics,
      LiveFeed figures,
      Supplier<Readiness> readiness,
      String page)
      throws RoleFailedException, IOException {
    limitConnections();
    HttpServer server;
    try {
      server = create(new InetSocketAddress(config.bind(), config.port()), access.httpTls());
    } catch (BindException e) {
      throw new RoleFailedException(
          "HTTP port %d on %s can't be bound: %s (choose another with --http-port)"
              .formatted(config.port(), config.bind(), e.getMessage()),
          e);
    }
    LiveEvents events = new LiveEvents(figures, EVENTS_LAST);
    byte[] text = resource(page);
    Exchange html = answering(exchange -> new Answer(200, "text/html; charset=utf-8", text));
    // Probes have no token.
    route(server, "/health/live", answering(exchange -> live()));
    route(server, "/health/ready", answering(exchange -> ready(readiness.get())));
    route(server, "/", known(access, html));
    route(server, "/metrics", known(access, answering(metrics::answer)));
    route(server, "/events", known(access, events::stream));
    ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(handlers);
    server.start();
    String address = config.bind() + ":" + server.getAddress().getPort();
    LOG.info("HTTP on {}://{}/", access.httpTls() == null ? "http" : "https", address);
    return new RoleHttpServer(server, handlers, events, address);
  }

  /** {@code HOST:PORT}. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    events.close();
    server.stop(0);
    handlers.shutdownNow();
  }

  private interface Handler {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  private interface Exchange {
    void handle(HttpExchange exchange) throws IOException;
  }

  private static Exchange answering(Handler handler) {
    return exchange -> handler.answer(exchange).send(exchange);
  }

  private static void route(HttpServer server, String path, Exchange handler) {
    server.createContext(path, guarded(path, handler));
  }

  private static HttpServer create(InetSocketAddress address, @Nullable ServerTls tls)
      throws IOException {
    if (tls == null) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.parameters());
          }
        });
    return server;
  }

  /** For those with a token, where one is asked for; browsers ask their user for it. */
  private static Exchange known(Access access, Exchange handler) {
    return exchange -> {
      String refused = access.refuseHttp(exchange.getRequestHeaders().getFirst("Authorization"));
      if (refused == null) {
        handler.handle(exchange);
      } else {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer");
        exchange
            .getResponseHeaders()
            .add("WWW-Authenticate", "Basic realm=\"the password is a token\"");
        Answer.text(401, refused).send(exchange);
      }
    };
  }

  // The JDK's contexts match prefixes; ours are exact.
  private static com.sun.net.httpserver.HttpHandler guarded(String path, Exchange handler) {
    return exchange -> {
      try {
        String method = exchange.getRequestMethod();
        if (!exchange.getRequestURI().getPath().equals(path)) {
          Answer.text(404, "not found").send(exchange);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
          exchange.getResponseHeaders().set("Allow", "GET, HEAD");
          Answer.text(405, "only GET").send(exchange);
        } else {
          handler.handle(exchange);
        }
      } catch (RuntimeException e) {
        LOG.warn("{} failed", path, e);
        exchange.close();
      }
    };
  }

  private static Answer live() throws IOException {
    return Answer.json(200, bytes(Map.of("live", true)));
  }

  private static Answer ready(Readiness readiness) throws IOException {
    return Answer.json(readiness.ready() ? 200 : 503, bytes(readiness));
  }

  private static byte[] bytes(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = RoleHttpServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return in.readAllBytes();
    }
  }

  /** The JDK server reads its limits from system properties once, when its classes load. */
  private static void limitConnections() {
    System.setProperty("jdk.httpserver.maxConnections", "256");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "64");
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", Long.toString(ANSWER_LIMIT.toSeconds()));
    System.setProperty("sun.net.httpserver.maxReqHeaders", "100");
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }
}
