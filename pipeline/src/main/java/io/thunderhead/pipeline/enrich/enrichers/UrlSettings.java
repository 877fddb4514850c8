package io.thunderhead.pipeline.enrich.enrichers;

/**
 * How URLs are unwound. Every look-up has limits in hops and time, since the other end is whoever
 * posts a link.
 *
 * @param allowPrivate whether addresses that are not public may be asked: for tests only, for
 *     whoever posts a link could otherwise make us call services inside
 * @param maxUrls URLs of one activity that are unwound; the rest is named as not looked at
 * @param maxRedirects hops from a URL to its end
 * @param hopTimeoutMs for one answer's head
 * @param totalTimeoutMs for all URLs of one activity
 * @param cacheEntries URLs remembered, those that could not be unwound among them
 * @param cacheSeconds how long a result is believed
 * @param negativeCacheSeconds how long a failure is
 */
public record UrlSettings(
    boolean allowPrivate,
    int maxUrls,
    int maxRedirects,
    int hopTimeoutMs,
    int totalTimeoutMs,
    int cacheEntries,
    int cacheSeconds,
    int negativeCacheSeconds) {
  /** Longer ones are not looked at; browsers and servers stop near this, too. */
  static final int MAX_URL_CHARS = 4_096;

  public UrlSettings {
    inRange("urlMaxPerActivity", maxUrls, 1, 100);
    inRange("urlMaxRedirects", maxRedirects, 0, 50);
    inRange("urlHopTimeoutMs", hopTimeoutMs, 1, 60_000);
    inRange("urlTotalTimeoutMs", totalTimeoutMs, 1, 300_000);
    inRange("urlCacheEntries", cacheEntries, 0, 10_000_000);
    inRange("urlCacheSeconds", cacheSeconds, 1, 31 * 86_400);
    inRange("urlNegativeCacheSeconds", negativeCacheSeconds, 1, 31 * 86_400);
  }

  /** Public addresses only, 10 hops, 2 s for each and 8 s for all, 100,000 results for a day. */
  public static UrlSettings defaults() {
    return new UrlSettings(false, 10, 10, 2_000, 8_000, 100_000, 86_400, 300);
  }

  public UrlSettings withPrivateAllowed(boolean allowed) {
    return new UrlSettings(
        allowed,
        maxUrls,
        maxRedirects,
        hopTimeoutMs,
        totalTimeoutMs,
        cacheEntries,
        cacheSeconds,
        negativeCacheSeconds);
  }

  public UrlSettings withTimeouts(int hopMs, int totalMs) {
    return new UrlSettings(
        allowPrivate,
        maxUrls,
        maxRedirects,
        hopMs,
        totalMs,
        cacheEntries,
        cacheSeconds,
        negativeCacheSeconds);
  }

  private static void inRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be from " + min + " to " + max + ": " + value);
    }
  }
}
