package io.thunderhead.serving.feed;

/**
 * What one connection may cost.
 *
 * @param maxCallsPerConnection calls under way at once; more are refused by HTTP/2 itself
 * @param maxMetadataBytes request headers
 * @param handshakeTimeoutSeconds from connecting to being ready for calls
 * @param idleSeconds a connection without calls is closed after this
 * @param keepAliveSeconds how often a silent caller is asked whether it still lives
 * @param keepAliveTimeoutSeconds how long it may take to answer that
 * @param permitKeepAliveSeconds how often callers may ask the same; those who do more are cut off
 * @param maxResetsPerSecond calls a connection may cancel by reset, as a mean over ten seconds
 */
public record ConnectionLimits(
    int maxCallsPerConnection,
    int maxMetadataBytes,
    int handshakeTimeoutSeconds,
    int idleSeconds,
    int keepAliveSeconds,
    int keepAliveTimeoutSeconds,
    int permitKeepAliveSeconds,
    int maxResetsPerSecond) {

  public ConnectionLimits {
    require("maxCallsPerConnection", maxCallsPerConnection);
    require("maxMetadataBytes", maxMetadataBytes);
    require("handshakeTimeoutSeconds", handshakeTimeoutSeconds);
    require("idleSeconds", idleSeconds);
    require("keepAliveSeconds", keepAliveSeconds);
    require("keepAliveTimeoutSeconds", keepAliveTimeoutSeconds);
    require("permitKeepAliveSeconds", permitKeepAliveSeconds);
    require("maxResetsPerSecond", maxResetsPerSecond);
  }

  /** 1000 calls, 16 KiB of headers, 10 s to shake hands, 10 min idle, a look every 60 s. */
  public static ConnectionLimits defaults() {
    return new ConnectionLimits(1_000, 16 << 10, 10, 600, 60, 10, 10, 500);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, is " + value);
    }
  }
}
