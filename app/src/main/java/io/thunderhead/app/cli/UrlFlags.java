package io.thunderhead.app.cli;

import io.thunderhead.pipeline.enrich.enrichers.UrlSettings;
import picocli.CommandLine.Option;

/** How a worker unwinds URLs. */
final class UrlFlags {
  private static final UrlSettings DEFAULTS = UrlSettings.defaults();

  @Option(
      names = "--url-allow-private",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description =
          "Also asks addresses that are not public. For tests: whoever posts a link could make a"
              + " worker call services inside.")
  private boolean allowPrivate;

  @Option(
      names = "--url-max-per-activity",
      paramLabel = "N",
      description = "URLs of an activity that are unwound.")
  private int maxUrls = DEFAULTS.maxUrls();

  @Option(
      names = "--url-max-redirects",
      paramLabel = "N",
      description = "Redirects that are followed from a URL.")
  private int maxRedirects = DEFAULTS.maxRedirects();

  @Option(
      names = "--url-hop-timeout-ms",
      paramLabel = "MS",
      description = "How long one server may take to answer.")
  private int hopTimeoutMs = DEFAULTS.hopTimeoutMs();

  @Option(
      names = "--url-total-timeout-ms",
      paramLabel = "MS",
      description = "How long all URLs of an activity may take; keep it below the lease.")
  private int totalTimeoutMs = DEFAULTS.totalTimeoutMs();

  @Option(
      names = "--url-cache-entries",
      paramLabel = "N",
      description = "Results that are remembered; 0: none.")
  private int cacheEntries = DEFAULTS.cacheEntries();

  @Option(
      names = "--url-cache-seconds",
      paramLabel = "S",
      description = "How long a result is remembered.")
  private int cacheSeconds = DEFAULTS.cacheSeconds();

  @Option(
      names = "--url-negative-cache-seconds",
      paramLabel = "S",
      description = "How long it is remembered that a URL could not be unwound.")
  private int negativeCacheSeconds = DEFAULTS.negativeCacheSeconds();

  UrlSettings settings() {
    return new UrlSettings(
        allowPrivate,
        maxUrls,
        maxRedirects,
        hopTimeoutMs,
        totalTimeoutMs,
        cacheEntries,
        cacheSeconds,
        negativeCacheSeconds);
  }
}
