package io.thunderhead.pipeline.enrich.enrichers;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Which URLs a worker may ask. Whoever posts a link chooses where we call, so only http and https
 * to public addresses are: loopback, private, link-local (the clouds' metadata among them), shared,
 * multicast, reserved and the IPv6 forms that wrap an IPv4 address of these kinds are refused. A
 * name with one such address is refused whole.
 */
final class AddressRules {
  private final boolean allowPrivate;

  AddressRules(boolean allowPrivate) {
    this.allowPrivate = allowPrivate;
  }

  /**
   * Looks at a URL, and asks for its host's addresses.
   *
   * @return why it must not be asked; null if it may
   */
  @Nullable String refuse(URI uri) throws UnknownHostException {
    String scheme = UrlUnwinder.scheme(uri);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "not_http";
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      return "not_a_url";
    }
    if (uri.getUserInfo() != null) {
      return "with_credentials";
    }
    if (allowPrivate) {
      return null;
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    for (InetAddress address : InetAddress.getAllByName(bare)) {
      if (!isPublic(address)) {
        return "private_address";
      }
    }
    return null;
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPublic4(bytes, 0);
      case Inet6Address _ -> isPublic6(bytes);
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    boolean special =
        first == 0
            || first == 10
            || first == 127
            || first >= 224
            || (first == 100 && second >= 64 && second < 128)
            || (first == 169 && second == 254)
            || (first == 172 && second >= 16 && second < 32)
            || (first == 192 && second == 168)
            || (first == 192 && second == 0 && (third == 0 || third == 2))
            || (first == 198 && (second == 18 || second == 19))
            || (first == 198 && second == 51 && third == 100)
            || (first == 203 && second == 0 && third == 113);
    return !special;
  }

  private static boolean isPublic6(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if ((first & 0xfe) == 0xfc) {
      return false; // Unique local.
    }
    if (first == 0x20 && second == 0x02) {
      return isPublic4(bytes, 2); // 6to4 carries the IPv4 address behind its prefix.
    }
    if (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0) {
      return false; // Teredo.
    }
    if (first == 0x00 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b) {
      return isPublic4(bytes, 12); // NAT64.
    }
    for (int i = 0; i < 12; i++) {
      if (bytes[i] != 0) {
        return (first & 0xe0) == 0x20; // Only 2000::/3 is given out.
      }
    }
    return false; // IPv4 in the old compatible form.
  }
}
