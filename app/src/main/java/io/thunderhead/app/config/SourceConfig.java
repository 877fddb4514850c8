package io.thunderhead.app.config;

import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.firehose.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an edge's records come from. */
public sealed interface SourceConfig {
  /** Lines over HTTP without end. */
  record Http(HttpSettings settings) implements SourceConfig {}

  /** Jetstream over WebSocket. */
  record Jetstream(HttpSettings settings) implements SourceConfig {}

  /** A file, plain or gzip. */
  record File(Path path, int maxLineBytes) implements SourceConfig {}

  /** Standard input. */
  record StandardInput(int maxLineBytes) implements SourceConfig {}

  /**
   * Made-up posts.
   *
   * @param events 0 for no bound
   */
  record Generator(int rate, long seed, int authors, long events) implements SourceConfig {
    public Generator {
      Limits.between("source: rate", rate, 1, 10_000_000);
      Limits.between("source: authors", authors, 10, 50_000_000);
      Limits.atLeast("source: events", events, 0);
    }
  }

  /** What the records are, where the source alone says it. */
  default RecordFormat usualFormat() {
    return switch (this) {
      case Jetstream _ -> RecordFormat.JETSTREAM;
      case Generator _ -> RecordFormat.NDJSON;
      case Http _, File _, StandardInput _ -> RecordFormat.AUTO;
    };
  }

  /**
   * Reads sources as the user writes them.
   *
   * @throws IllegalArgumentException if one is none, or they don't go together
   */
  static SourceConfig read(
      List<String> sources,
      int connections,
      @Nullable Path authorizationFile,
      int connectTimeoutMs,
      int stallTimeoutMs,
      int maxLineBytes,
      int backfillMinutes,
      int overlapSeconds,
      @Nullable Path zstdDictionary) {
    Limits.between("max-line-bytes", maxLineBytes, 1, 64 << 20);
    Limits.between("connect-timeout-ms", connectTimeoutMs, 1, 600_000);
    Limits.between("stall-timeout-ms", stallTimeoutMs, 1, 3_600_000);
    Limits.between("overlap-seconds", overlapSeconds, 0, 3600);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("--source is missing");
    }
    String first = Limits.notBlank("source", sources.getFirst());
    boolean web = first.matches("(?i)https?://.+");
    boolean socket = first.matches("(?i)wss?://.+");
    if (!web && !socket) {
      return single(sources, first, connections, maxLineBytes);
    }
    HttpSettings settings =
        new HttpSettings(
            sources.stream().map(SourceConfig::url).toList(),
            connections,
            authorization(authorizationFile),
            Duration.ofMillis(connectTimeoutMs),
            Duration.ofMillis(stallTimeoutMs),
            maxLineBytes,
            backfillMinutes,
            Duration.ofSeconds(overlapSeconds),
            zstdDictionary == null ? new byte[0] : bytes("zstd-dictionary", zstdDictionary));
    for (URI url : settings.urls()) {
      if (!url.getScheme().toLowerCase(java.util.Locale.ROOT).startsWith(web ? "http" : "ws")) {
        throw new IllegalArgumentException("--source: several must be of one kind");
      }
    }
    return web ? new Http(settings) : new Jetstream(settings);
  }

  private static SourceConfig single(
      List<String> sources, String first, int connections, int maxLineBytes) {
    if (sources.size() > 1 || connections != 1) {
      throw new IllegalArgumentException("--source: only URLs can be held more than once");
    }
    if (first.equals("-")) {
      return new StandardInput(maxLineBytes);
    }
    if (first.startsWith("generator:")) {
      return generator(first);
    }
    String path = first.startsWith("file://") ? URI.create(first).getPath() : first;
    return new File(
        Path.of(path.startsWith("file:") ? path.substring("file:".length()) : path), maxLineBytes);
  }

  private static SourceConfig generator(String source) {
    Map<String, Long> given = new HashMap<>();
    String settings = source.substring("generator:".length()).replaceFirst("^\\?", "");
    for (String each : settings.isEmpty() ? new String[0] : settings.split("&", -1)) {
      if (!each.matches("(rate|seed|authors|events)=\\d{1,18}")) {
        throw new IllegalArgumentException(
            "--source: generator: takes rate, seed, authors and events with a number, not " + each);
      }
      given.put(each.substring(0, each.indexOf('=')), Long.parseLong(each.replaceFirst(".*=", "")));
    }
    return new Generator(
        (int) Math.min(Integer.MAX_VALUE, given.getOrDefault("rate", 1000L)),
        given.getOrDefault("seed", 1L),
        (int) Math.min(Integer.MAX_VALUE, given.getOrDefault("authors", 10_000L)),
        given.getOrDefault("events", 0L));
  }

  private static URI url(String source) {
    try {
      return URI.create(source);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--source is no URL", e); // It may hold a secret.
    }
  }

  private static @Nullable String authorization(@Nullable Path file) {
    return file == null
        ? null
        : new String(bytes("authorization-file", file), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .orElseThrow(
                () -> new IllegalArgumentException("--authorization-file is empty: " + file));
  }

  private static byte[] bytes(String setting, Path file) {
    try {
      if (Files.size(file) > 16 << 20) {
        throw new IllegalArgumentException("--" + setting + " is larger than 16 MiB: " + file);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("--" + setting + ": cannot read " + file, e);
    }
  }
}
