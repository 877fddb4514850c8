package io.thunderhead.serving.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a snapshot, version 1. All numbers are little-endian.
 *
 * <pre>
 *  file      magic 8 | version 4 | 0 4 | header | posts… | tombstones… | footer      nothing behind it
 *  section   type 4 | items 4 | length 4 | CRC-32C 4 | length bytes                  the sum is over all but itself
 *
 *  header    taken at, ms 8 | retention 8 | skew 8 | kept per author 4 | topic id 16
 *            | length of name 4 | name | partitions 4 | (partition 4 | offset 8 | leader epoch 4 | gap until, ms 8)…
 *  posts     (author 8 | posts 4 | post…)…                                           originals apart from the rest
 *  post      id 8 | created 4 | bits 1 | encoded length 1 | those ids that the bits name, 8 each | encoded
 *  bits      1 retweet, 2 reply, 4 video, 8 in reply to post, 16 in reply to user, 32 conversation, 64 source post, 128 source user
 *  tombstone post id 8 | deleted at 8
 *  footer    posts 8 | tombstones 8 | evicted before 8 | sections before this 4
 * </pre>
 *
 * <p>It says what the store holds, never how: a store of another layout reads it. Originals stand
 * apart so that they can be loaded before the replies that refer to them. Every section can be read
 * alone, by as many threads as there are.
 *
 * <p>A change that old programs can't read gets the next version; readers keep reading the versions
 * before, of each of which a file is kept for the tests.
 */
final class SnapshotFormat {
  static final int VERSION = 1;

  /**
   * Begins with a byte that no text begins with, ends with one that a text transfer would change.
   */
  static final long MAGIC = 0x0A50_414E_5348_5489L;

  static final int PREFIX_BYTES = 16;
  static final int HEAD_BYTES = 16;

  static final int HEADER = 1;
  static final int ORIGINALS = 2;
  static final int OTHERS = 3;
  static final int TOMBSTONES = 4;
  static final int FOOTER = 5;

  static final int RETWEET = 1;
  static final int REPLY = 2;
  static final int VIDEO = 4;
  static final int IN_REPLY_TO_POST = 8;
  static final int IN_REPLY_TO_USER = 16;
  static final int CONVERSATION = 32;
  static final int SOURCE_POST = 64;
  static final int SOURCE_USER = 128;

  static final int AUTHOR_BYTES = 12;
  static final int POST_BYTES = 14;
  static final int MAX_POST_BYTES = POST_BYTES + 5 * 8 + 255;
  static final int TOMBSTONE_BYTES = 16;
  static final int PARTITION_BYTES = 24;
  static final int FOOTER_BYTES = 28;

  /** A section is written out once it has grown to this. */
  static final int SECTION_BYTES = 1 << 20;

  /** The longest section that a reader takes; room for 170,000 partitions in the header. */
  static final int MAX_SECTION_BYTES = 4 << 20;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private SnapshotFormat() {}

  static long getLong(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static int getInt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  static void putInt(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  /** The sum of a section whose head begins the array. */
  static int checksum(byte[] section, int length) {
    CRC32C sum = new CRC32C();
    sum.update(section, 0, HEAD_BYTES - 4);
    sum.update(section, HEAD_BYTES, length);
    return (int) sum.getValue();
  }
}
