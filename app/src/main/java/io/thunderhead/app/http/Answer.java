package io.thunderhead.app.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One complete HTTP answer. */
final class Answer {
  private static final int NO_BODY = -1;

  private final int status;
  private final String contentType;
  private final byte[] body;

  Answer(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static Answer json(int status, byte[] body) {
    return new Answer(status, "application/json", body);
  }

  static Answer text(int status, String text) {
    return new Answer(
        status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void send(HttpExchange exchange) throws IOException {
    harden(exchange);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, NO_BODY);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? NO_BODY : body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** Nothing we serve loads from elsewhere or may be framed. */
  static void harden(HttpExchange exchange) {
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                + " connect-src 'self'; img-src data:; frame-ancestors 'none'");
  }
}
