package io.thunderhead.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that nobody listens on, for the moment. */
final class Ports {
  private Ports() {}

  static int free(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  /** The port itself, or the reason why nobody can listen there. */
  static int checkFree(String host, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return port;
    } catch (IOException e) {
      throw new IOException("port " + port + " on " + host + " is taken: " + e.getMessage(), e);
    }
  }
}
