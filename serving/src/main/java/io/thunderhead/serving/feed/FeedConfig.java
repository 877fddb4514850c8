package io.thunderhead.serving.feed;

/**
 * How requests are answered, and which are not.
 *
 * @param bind the address to listen on
 * @param grpcPort the port, 0 for any free one
 * @param requestTimeoutMs the longest a request may take; 0 leaves it to the caller's deadline
 * @param maxConcurrentRequests requests answered at once at most; the next is refused, never queued
 * @param concurrencyLimit who decides how many of these it is now
 * @param maxResultsCeiling the most a request may ask for
 * @param maxIdsPerList distinct ids in a following or exclude list
 * @param maxRequestBytes a request's size, after inflation
 * @param zstdLevel how hard answers are compressed for callers who ask for zstd
 * @param connections what connections may cost
 */
public record FeedConfig(
    String bind,
    int grpcPort,
    long requestTimeoutMs,
    int maxConcurrentRequests,
    ConcurrencyLimit concurrencyLimit,
    int maxResultsCeiling,
    int maxIdsPerList,
    int maxRequestBytes,
    int zstdLevel,
    ConnectionLimits connections) {

  public FeedConfig {
    if (bind.isBlank()) {
      throw new IllegalArgumentException("bind must not be blank");
    }
    require("grpcPort", grpcPort, 0, 65_535);
    require("requestTimeoutMs", requestTimeoutMs, 0, 3_600_000);
    require("maxConcurrentRequests", maxConcurrentRequests, 1, 4_096);
    require("maxResultsCeiling", maxResultsCeiling, 1, 100_000);
    require("maxIdsPerList", maxIdsPerList, 1, 1_000_000);
    require("maxRequestBytes", maxRequestBytes, 1_024, 256 << 20);
    require("zstdLevel", zstdLevel, 1, 19);
  }

  /** Threads wait in the scheduler, not in a queue; a burst of this size is no reason to refuse. */
  private static final int DEFAULT_CONCURRENT_REQUESTS = 64;

  /** On 127.0.0.1:9090, with the limits of the contract. */
  public static FeedConfig defaults() {
    return new FeedConfig(
        "127.0.0.1",
        9090,
        0,
        DEFAULT_CONCURRENT_REQUESTS,
        ConcurrencyLimit.VEGAS,
        5_000,
        100_000,
        8 << 20,
        1,
        ConnectionLimits.defaults());
  }

  /** The same on another address and port. */
  public FeedConfig withAddress(String bind, int grpcPort) {
    return new FeedConfig(
        bind,
        grpcPort,
        requestTimeoutMs,
        maxConcurrentRequests,
        concurrencyLimit,
        maxResultsCeiling,
        maxIdsPerList,
        maxRequestBytes,
        zstdLevel,
        connections);
  }

  /** The same with another time-out and number of requests at once, and who decides it. */
  public FeedConfig withRequests(
      long requestTimeoutMs, int maxConcurrentRequests, ConcurrencyLimit concurrencyLimit) {
    return new FeedConfig(
        bind,
        grpcPort,
        requestTimeoutMs,
        maxConcurrentRequests,
        concurrencyLimit,
        maxResultsCeiling,
        maxIdsPerList,
        maxRequestBytes,
        zstdLevel,
        connections);
  }

  /** The same with other limits of connections. */
  public FeedConfig withConnections(ConnectionLimits connections) {
    return new FeedConfig(
        bind,
        grpcPort,
        requestTimeoutMs,
        maxConcurrentRequests,
        concurrencyLimit,
        maxResultsCeiling,
        maxIdsPerList,
        maxRequestBytes,
        zstdLevel,
        connections);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", is " + value);
    }
  }
}
