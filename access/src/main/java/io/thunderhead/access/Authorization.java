package io.thunderhead.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The header that carries a token, as callers write it. */
final class Authorization {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final byte[] NONE = {};

  private Authorization() {}

  static String of(String token) {
    return BEARER + token;
  }

  /** The token's bytes; none if this is no bearer token, or too long, or not printable ASCII. */
  static byte[] token(String authorization) {
    int length = authorization.length() - BEARER.length();
    if (length < 1
        || length > Tokens.MAX_TOKEN_BYTES
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return NONE;
    }
    byte[] token = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = authorization.charAt(BEARER.length() + i);
      if (c <= ' ' || c > '~') {
        return NONE;
      }
      token[i] = (byte) c;
    }
    return token;
  }

  /** A browser's user name and password as the bearer token that the password is. */
  static @Nullable String bearer(@Nullable String authorization) {
    if (authorization == null
        || authorization.length() > 2 * Tokens.MAX_TOKEN_BYTES
        || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return authorization;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String text = new String(pair, StandardCharsets.ISO_8859_1);
      return of(text.substring(text.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      return authorization; // Which is no bearer token.
    }
  }
}
