package io.thunderhead.app.spike;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thunderhead.app.firehose.SyntheticFirehose;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The publisher's posts as lines of JSON in Gnip's form. The number of a post says all of it but
 * its time, so that any part of the stream can be sent again. One thread at a time.
 */
public final class PostLines {
  /** The id of post 0. */
  static final long FIRST_ID = 1L << 60;

  private static final int AUTHORS = 10_000;
  private static final int RANKS = 1 << 16;
  private static final byte[] BEFORE_ID = bytes("{\"id\":\"tag:search.twitter.com,2005:");
  private static final byte[] BEFORE_TIME =
      bytes("\",\"objectType\":\"activity\",\"verb\":\"post\",\"postedTime\":\"");
  private static final byte[] BEFORE_AUTHOR =
      bytes("\",\"actor\":{\"objectType\":\"person\",\"id\":\"id:twitter.com:");
  private static final byte[] BEFORE_FOLLOWERS =
      bytes("\",\"preferredUsername\":\"someone\",\"friendsCount\":180,\"followersCount\":");
  private static final byte[] BEFORE_BODY = bytes("},\"body\":\"");
  private static final byte[] END =
      bytes("\",\"gnip\":{\"matching_rules\":[{\"tag\":\"spike\"}]}}\r\n");
  private static final byte[][] BODIES = {
    bytes(
        "What a catch! Nobody saw that coming, least of all the defense. The crowd is on its feet"),
    bytes(
        "Touchdown with three seconds left on the clock, I can not believe what I am seeing here"),
    bytes("Quelle passe incroyable, le stade est debout et personne ne veut rentrer ce soir"),
    bytes("Das war der beste Spielzug des Abends, so etwas sieht man nur alle zehn Jahre einmal"),
    bytes("Menudo partido, nadie se lo esperaba despues de la primera parte, increible remontada"),
    bytes(
        "The halftime show was worth the wait, and now the lights are out again in half the arena"),
    bytes("Che partita, nessuno avrebbe scommesso un euro su questo risultato prima del fischio"),
    bytes("Every seat taken and everybody singing, this is why we love the game, win or lose"),
  };

  private final long[] authorOfRank = new long[RANKS];
  private byte[] buffer = new byte[64 << 10];
  private int length;
  private long second;
  private byte[] time = {};

  public PostLines() {
    for (int i = 0; i < RANKS; i++) {
      double rank = Math.pow(AUTHORS + 1.0, (i + 0.5) / RANKS) - 1;
      authorOfRank[i] = SyntheticFirehose.FIRST_AUTHOR_ID + Math.min(AUTHORS - 1, (int) rank);
    }
  }

  public void clear() {
    length = 0;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int length() {
    return length;
  }

  /** Adds a post, with its line's end. */
  public void add(long number, long nowMs) {
    if (length + 1024 > buffer.length) {
      buffer = java.util.Arrays.copyOf(buffer, buffer.length * 2);
    }
    int random = (int) ((number * 0x9e3779b97f4a7c15L) >>> 32);
    put(BEFORE_ID);
    put(FIRST_ID + number);
    put(BEFORE_TIME);
    put(time(nowMs));
    put(BEFORE_AUTHOR);
    put(authorOfRank[random >>> 16]);
    put(BEFORE_FOLLOWERS);
    put((random & 0xffff) + 1L);
    put(BEFORE_BODY);
    put(BODIES[random & (BODIES.length - 1)]);
    put(END);
  }

  private byte[] time(long nowMs) {
    if (nowMs / 1000 != second) {
      second = nowMs / 1000;
      time = bytes(Instant.ofEpochMilli(nowMs).truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return time;
  }

  private void put(byte[] text) {
    System.arraycopy(text, 0, buffer, length, text.length);
    length += text.length;
  }

  private void put(long number) {
    int start = length;
    long rest = number;
    do {
      buffer[length++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    for (int left = start, right = length - 1; left < right; left++, right--) {
      byte swapped = buffer[left];
      buffer[left] = buffer[right];
      buffer[right] = swapped;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
