package io.thunderhead.pipeline.enrich.enrichers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.thunderhead.protocol.v1.UnwoundUrl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Follows redirects, itself and one at a time, for each hop must be allowed anew: a public address
 * may send us to an inner one. No body is read: the answer's head is enough, and the connection of
 * one with a body is closed.
 *
 * <p>The name is resolved by us to check the address, and again by the client to connect; between
 * the two a name can change. {@code networkaddress.cache.ttl} keeps the first answer for 30 s, so
 * that the client gets the address that was checked.
 */
final class UrlUnwinder implements AutoCloseable {
  static final String TIMED_OUT = "timed_out";

  private static final String AGENT = "Thunderhead";

  private final UrlSettings settings;
  private final AddressRules addresses;
  private final HttpClient client;
  private final Cache<String, UnwoundUrl> cache;

  UrlUnwinder(UrlSettings settings) {
    this.settings = settings;
    addresses = new AddressRules(settings.allowPrivate());
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofMillis(settings.hopTimeoutMs()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    cache =
        Caffeine.newBuilder()
            .maximumSize(settings.cacheEntries())
            .expireAfter(
                Expiry.<String, UnwoundUrl>creating((url, result) ->
                    Duration.ofSeconds(
                        result.getReason().isEmpty()
                            ? settings.cacheSeconds()
                            : settings.negativeCacheSeconds())))
            .build();
  }

  /** Where the URL leads, from memory or by asking; a failure is an answer too. */
  UnwoundUrl unwind(String url, long deadlineNanos) throws InterruptedException {
    if (url.length() > UrlSettings.MAX_URL_CHARS) {
      return failed(url, 0, "too_long");
    }
    UnwoundUrl known = cache.getIfPresent(url);
    if (known != null) {
      return known;
    }
    UnwoundUrl found = follow(url, deadlineNanos);
    if (!found.getReason().equals(TIMED_OUT) || System.nanoTime() - deadlineNanos < 0) {
      cache.put(url, found); // Where our own time was over, the URL may be as good as any.
    }
    return found;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  static UnwoundUrl failed(String url, int status, String reason) {
    return UnwoundUrl.newBuilder().setUrl(url).setStatus(status).setReason(reason).build();
  }

  private UnwoundUrl follow(String url, long deadlineNanos) throws InterruptedException {
    String at = url;
    int status = 0;
    for (int hop = 0; hop <= settings.maxRedirects(); hop++) {
      try {
        URI uri = new URI(at);
        String refused = addresses.refuse(uri);
        if (refused != null) {
          return failed(url, status, refused);
        }
        HttpResponse<Void> answer = head(uri, deadlineNanos);
        status = answer.statusCode();
        Optional<String> location = answer.headers().firstValue("location");
        if (status < 300 || status >= 400 || location.isEmpty()) {
          return UnwoundUrl.newBuilder()
              .setUrl(url)
              .setUnwound(uri.toString())
              .setStatus(status)
              .build();
        }
        at = uri.resolve(new URI(location.get())).toString();
        if (at.length() > UrlSettings.MAX_URL_CHARS) {
          return failed(url, status, "too_long");
        }
      } catch (HttpTimeoutException e) {
        return failed(url, status, TIMED_OUT);
      } catch (UnknownHostException e) {
        return failed(url, status, "unknown_host");
      } catch (ConnectException e) {
        return failed(url, status, "not_reachable");
      } catch (IOException e) {
        return failed(url, status, "broken_answer");
      } catch (URISyntaxException | IllegalArgumentException e) {
        return failed(url, status, "not_a_url");
      }
    }
    return failed(url, status, "too_many_redirects");
  }

  /** HEAD would do, but many servers answer it otherwise than GET; the body is dropped unread. */
  private HttpResponse<Void> head(URI uri, long deadlineNanos)
      throws IOException, InterruptedException {
    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (leftMs <= 0) {
      throw new HttpTimeoutException("no time is left");
    }
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofMillis(Math.min(leftMs, settings.hopTimeoutMs())))
            .header("User-Agent", AGENT)
            .header("Accept", "*/*")
            .GET()
            .build();
    return client.send(request, _ -> new UnreadBody());
  }

  /** The scheme as it is compared. */
  static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }
}
