package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.InstantSource;

/**
 * Newline-delimited records over HTTP that never end, as PowerTrack sends them: CR LF or LF between
 * records, blank lines as heartbeats, gzip where the server likes.
 *
 * <p>There is no cursor in such a stream. In its place stands the time at which a record came, in
 * Unix milliseconds; a connection from a cursor asks with {@code backfillMinutes} for what was
 * missed, as far back as it may, and what lies before that is {@link FirehoseConnection#uncoveredMs
 * uncovered}.
 *
 * <p>The JDK's older client is used on purpose: its read time-out is the stall time-out, and the
 * socket is read only when a record is asked for.
 */
public final class HttpFirehose implements Firehose {
  /** Redirects that are followed, one after another. */
  public static final int MAX_REDIRECTS = 5;

  private static final long MINUTE_MS = 60_000;

  private final HttpSettings settings;
  private final InstantSource clock;

  public HttpFirehose(HttpSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String name() {
    return HttpSettings.plain(settings.urls().getFirst());
  }

  @Override
  public boolean live() {
    return true;
  }

  @Override
  public int connections() {
    return settings.total();
  }

  @Override
  public FirehoseConnection connect(int connection, long cursor) throws IOException {
    long missedMs = cursor == 0 ? 0 : Math.max(0, clock.millis() - cursor);
    long backfill = Math.min(settings.backfillMinutes(), (missedMs + MINUTE_MS - 1) / MINUTE_MS);
    URI url = settings.url(connection);
    HttpURLConnection http =
        open(backfill == 0 ? url : HttpSettings.with(url, "backfillMinutes", backfill));
    long uncoveredMs = Math.max(0, missedMs - backfill * MINUTE_MS);
    InputStream body = http.getInputStream();
    return new LineConnection(body, settings.maxLineBytes(), clock::millis) {
      @Override
      public long uncoveredMs() {
        return uncoveredMs;
      }

      @Override
      public void close() {
        // Closing the stream would read what is left of it first, which has no end.
        http.disconnect();
      }
    };
  }

  private HttpURLConnection open(URI first) throws IOException {
    URI url = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpURLConnection http = (HttpURLConnection) url.toURL().openConnection();
      http.setInstanceFollowRedirects(false);
      http.setConnectTimeout((int) settings.connectTimeout().toMillis());
      http.setReadTimeout((int) settings.stallTimeout().toMillis());
      http.setUseCaches(false);
      http.setRequestProperty("Accept-Encoding", "gzip");
      http.setRequestProperty("User-Agent", "thunderhead-edge");
      String authorization = settings.authorization();
      if (authorization != null && sameServer(first, url)) {
        http.setRequestProperty("Authorization", authorization);
      }
      int status = http.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return http;
      }
      String location = http.getHeaderField("Location");
      String retryAfter = http.getHeaderField("Retry-After");
      http.disconnect();
      if (status < 300 || status >= 400 || location == null) {
        throw HttpStatus.failure(HttpSettings.plain(url), status, retryAfter, clock);
      }
      url = redirected(url, location);
    }
    throw new RefusedException(
        "%s redirects us more than %d times".formatted(HttpSettings.plain(first), MAX_REDIRECTS));
  }

  private static URI redirected(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(HttpSettings.plain(from) + " redirects us to no URL");
    }
    boolean secure = "https".equals(to.getScheme());
    if (to.getHost() == null || !(secure || to.getScheme().equals(from.getScheme()))) {
      throw new RefusedException(
          HttpSettings.plain(from) + " redirects us away from where it may: " + to.getScheme());
    }
    return to;
  }

  private static boolean sameServer(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getRawAuthority().equals(other.getRawAuthority());
  }
}
