package io.thunderhead.pipeline.edge.firehose;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to hold streams over the network.
 *
 * @param urls where they are; more than one are taken for the same stream
 * @param connections per URL, held at once
 * @param authorization value of the header of that name; null for none
 * @param connectTimeout for the connection and, apart from it, for the head of the answer
 * @param stallTimeout how long a connection may bring no byte
 * @param maxLineBytes the longest record
 * @param backfillMinutes how far back a new connection over HTTP may ask at most; 0: never
 * @param overlap how far before its cursor a new connection over WebSocket asks
 * @param zstdDictionary a dictionary for compressed WebSocket frames; empty: no compression
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record HttpSettings(
    List<URI> urls,
    int connections,
    @Nullable String authorization,
    Duration connectTimeout,
    Duration stallTimeout,
    int maxLineBytes,
    int backfillMinutes,
    Duration overlap,
    byte[] zstdDictionary) {
  /** Connections that a publisher would bear, over all URLs. */
  public static final int MAX_CONNECTIONS = 16;

  public HttpSettings {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("source is empty");
    }
    for (URI url : urls) {
      if (url.getHost() == null) {
        throw new IllegalArgumentException("source names no host");
      }
      if (url.getUserInfo() != null) {
        throw new IllegalArgumentException(
            "source must not hold credentials; they go into --authorization-file");
      }
    }
    if (connections < 1 || (long) connections * urls.size() > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be from 1 to "
              + MAX_CONNECTIONS
              + " over all sources, is "
              + connections);
    }
    positive("connectTimeout", connectTimeout);
    positive("stallTimeout", stallTimeout);
    if (maxLineBytes < 1) {
      throw new IllegalArgumentException("maxLineBytes must be at least 1, is " + maxLineBytes);
    }
    if (backfillMinutes < 0 || backfillMinutes > 60) {
      throw new IllegalArgumentException(
          "backfillMinutes must be from 0 to 60, is " + backfillMinutes);
    }
    if (overlap.isNegative()) {
      throw new IllegalArgumentException("overlap must not be negative: " + overlap);
    }
  }

  int total() {
    return connections * urls.size();
  }

  URI url(int connection) {
    return urls.get(connection % urls.size());
  }

  /** A URL as logs and dead letters may have it: without its query. */
  static String plain(URI url) {
    String path = url.getRawPath();
    return url.getScheme()
        + "://"
        + url.getHost()
        + (url.getPort() < 0 ? "" : ":" + url.getPort())
        + (path == null ? "" : path);
  }

  /** The URL with one more parameter. */
  static URI with(URI url, String name, Object value) {
    String parameter = name + "=" + value;
    String query = url.getRawQuery();
    String path = url.getRawPath();
    return URI.create(
        url.getScheme()
            + "://"
            + url.getRawAuthority()
            + (path == null || path.isEmpty() ? "/" : path)
            + "?"
            + (query == null ? parameter : query + "&" + parameter));
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(name + " must be above zero: " + value);
    }
  }
}
