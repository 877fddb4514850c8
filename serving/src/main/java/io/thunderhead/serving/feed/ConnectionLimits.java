package io.thunderhead.serving.feed;

/**
 * What connections may cost.
 *
 * @param maxConnections connections at once; one more is closed at once
 * @param maxConnectionsPerAddress of these from one address
 * @param maxCallsPerConnection calls under way at once; more are refused by HTTP/2 itself
 * @param maxMetadataBytes request headers
 * @param handshakeTimeoutSeconds from connecting to being ready for calls
 * @param idleSeconds a connection without calls is closed after this
 * @param keepAliveSeconds how often a silent caller is asked whether it still lives
 * @param keepAliveTimeoutSeconds how long it may take to answer that
 * @param permitKeepAliveSeconds how often callers may ask the same; those who do more are cut off
 * @param maxResetsPerSecond calls a connection may cancel by reset, as a mean over ten seconds
 * @param maxIncomingBytes of requests that are not whole yet, of all connections; over it those
 *     that have been on their way for longest are refused
 * @param receiveSeconds how long a request may be on its way
 * @param maxOutgoingBytes of answers that have not left, of all connections; over it the
 *     connections whose answers have waited for longest are cut
 * @param sendSeconds how long an answer may wait to be taken
 */
public record ConnectionLimits(
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxCallsPerConnection,
    int maxMetadataBytes,
    int handshakeTimeoutSeconds,
    int idleSeconds,
    int keepAliveSeconds,
    int keepAliveTimeoutSeconds,
    int permitKeepAliveSeconds,
    int maxResetsPerSecond,
    int maxIncomingBytes,
    int receiveSeconds,
    int maxOutgoingBytes,
    int sendSeconds) {

  public ConnectionLimits {
    require("maxConnections", maxConnections);
    require("maxConnectionsPerAddress", maxConnectionsPerAddress);
    require("maxCallsPerConnection", maxCallsPerConnection);
    require("maxMetadataBytes", maxMetadataBytes);
    require("handshakeTimeoutSeconds", handshakeTimeoutSeconds);
    require("idleSeconds", idleSeconds);
    require("keepAliveSeconds", keepAliveSeconds);
    require("keepAliveTimeoutSeconds", keepAliveTimeoutSeconds);
    require("permitKeepAliveSeconds", permitKeepAliveSeconds);
    require("maxResetsPerSecond", maxResetsPerSecond);
    require("maxIncomingBytes", maxIncomingBytes);
    require("receiveSeconds", receiveSeconds);
    require("maxOutgoingBytes", maxOutgoingBytes);
    require("sendSeconds", sendSeconds);
  }

  /**
   * 4096 connections, 1024 of an address, each with 1000 calls and 16 KiB of headers, 10 s to shake
   * hands, 10 min idle, a look every 60 s; 64 MiB and 10 s each way.
   */
  public static ConnectionLimits defaults() {
    return new ConnectionLimits(
        4_096, 1_024, 1_000, 16 << 10, 10, 600, 60, 10, 10, 500, 64 << 20, 10, 64 << 20, 10);
  }

  /** The same with other numbers of connections. */
  public ConnectionLimits withConnections(int maxConnections, int maxConnectionsPerAddress) {
    return new ConnectionLimits(
        maxConnections,
        maxConnectionsPerAddress,
        maxCallsPerConnection,
        maxMetadataBytes,
        handshakeTimeoutSeconds,
        idleSeconds,
        keepAliveSeconds,
        keepAliveTimeoutSeconds,
        permitKeepAliveSeconds,
        maxResetsPerSecond,
        maxIncomingBytes,
        receiveSeconds,
        maxOutgoingBytes,
        sendSeconds);
  }

  /** The same with other bounds of what is on its way. */
  public ConnectionLimits withTransit(
      int maxIncomingBytes, int receiveSeconds, int maxOutgoingBytes, int sendSeconds) {
    return new ConnectionLimits(
        maxConnections,
        maxConnectionsPerAddress,
        maxCallsPerConnection,
        maxMetadataBytes,
        handshakeTimeoutSeconds,
        idleSeconds,
        keepAliveSeconds,
        keepAliveTimeoutSeconds,
        permitKeepAliveSeconds,
        maxResetsPerSecond,
        maxIncomingBytes,
        receiveSeconds,
        maxOutgoingBytes,
        sendSeconds);
  }

  private static void require(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, is " + value);
    }
  }
}
