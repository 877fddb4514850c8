package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Frames of Bluesky's Jetstream v1 over WebSocket. The cursor is {@code time_us}, the server's time
 * in Unix microseconds. Frames are not sorted by it, so a new connection asks from a little before,
 * and what comes twice must be told by its ids.
 *
 * <p>{@code wantedCollections}, {@code wantedDids} and the like stand in the URL.
 */
public final class JetstreamFirehose implements Firehose, AutoCloseable {
  private final HttpSettings settings;
  private final InstantSource clock;
  private final HttpClient client;

  public JetstreamFirehose(HttpSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.client = HttpClient.newBuilder().connectTimeout(settings.connectTimeout()).build();
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
  public FirehoseConnection connect(int connection, long cursor)
      throws IOException, InterruptedException {
    URI url = settings.url(connection);
    if (cursor > 0) {
      long from = Math.max(1, cursor - TimeUnit.NANOSECONDS.toMicros(settings.overlap().toNanos()));
      url = HttpSettings.with(url, "cursor", from);
    }
    if (settings.zstdDictionary().length > 0) {
      url = HttpSettings.with(url, "compress", true);
    }
    JetstreamConnection frames =
        new JetstreamConnection(
            settings.maxLineBytes(), settings.stallTimeout(), settings.zstdDictionary(), cursor);
    WebSocket.Builder builder =
        client.newWebSocketBuilder().connectTimeout(settings.connectTimeout());
    String authorization = settings.authorization();
    if (authorization != null) {
      builder.header("Authorization", authorization);
    }
    CompletableFuture<WebSocket> connecting = builder.buildAsync(url, frames.listener());
    try {
      frames.open(connecting.get(settings.connectTimeout().toMillis() * 2, TimeUnit.MILLISECONDS));
      return frames;
    } catch (ExecutionException e) {
      frames.close();
      throw failure(url, e.getCause());
    } catch (TimeoutException e) {
      var _ = connecting.thenAccept(WebSocket::abort);
      frames.close();
      throw new IOException("no answer to the handshake", e);
    } catch (InterruptedException e) {
      var _ = connecting.thenAccept(WebSocket::abort);
      frames.close();
      throw e;
    }
  }

  private IOException failure(URI url, @Nullable Throwable cause) {
    if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
      return HttpStatus.failure(
          HttpSettings.plain(url),
          refused.getResponse().statusCode(),
          refused.getResponse().headers().firstValue("Retry-After").orElse(null),
          clock);
    }
    return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
