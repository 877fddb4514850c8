package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The rule by which a publisher's id becomes a 64-bit one. It must never change: posts, replies and
 * deletes meet only because the same native id always gives the same number, in every process and
 * for ever.
 *
 * <ul>
 *   <li>A decimal number from 1 to 2^63 − 1, written without sign and leading zeros, is itself.
 *   <li>Anything else is the first eight bytes of the SHA-256 of its UTF-8 form, big-endian,
 *       without the sign bit; 1 in place of 0.
 * </ul>
 *
 * The publisher is no part of it. Only a publisher whose numbers stand for themselves may hand in
 * bare numbers; the others' native ids say where they are from ({@code at://…}, {@code tag:…}).
 */
public final class NativeIds {
  private static final int MAX_DIGITS = 19;

  private NativeIds() {}

  /** The id above zero that stands for {@code nativeId}, which must not be empty. */
  public static long toLong(String nativeId) {
    if (nativeId.isEmpty()) {
      throw new IllegalArgumentException("an empty native id stands for nothing");
    }
    long number = asNumber(nativeId);
    return number > 0 ? number : hash(nativeId);
  }

  private static long asNumber(String nativeId) {
    int length = nativeId.length();
    if (length > MAX_DIGITS || nativeId.charAt(0) == '0') {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = nativeId.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value; // below zero if it doesn't fit: 19 digits overflow at most once
  }

  private static long hash(String nativeId) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(nativeId.getBytes(UTF_8));
      return Math.max(1, ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
