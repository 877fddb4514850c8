package io.thunderhead.protocol;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Many events in the value of one Kafka record. A record is packed only if it has the header; the
 * bytes alone don't tell, and a record without the header is one plain event.
 *
 * <pre>
 *   02 | 03 61 62 63 | 01 64 | xx xx xx xx
 *   count   "abc"      "d"     CRC-32C of everything before it, big-endian
 * </pre>
 *
 * The count and the lengths are unsigned varints of at most five bytes and below 2^31.
 */
public final class PackedRecord {
  /** The name of the record header that marks a packed record. */
  public static final String HEADER = "thunderhead-pack";

  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_VARINT_BYTES = 5;

  private PackedRecord() {}

  /** The value of {@link #HEADER}: the ASCII digit 1. The array is the caller's own. */
  public static byte[] headerValue() {
    return new byte[] {'1'};
  }

  /** True if {@code headerValue} is that of a packing known here; what else it is, is an error. */
  public static boolean isKnownHeaderValue(byte[] headerValue) {
    return headerValue.length == 1 && headerValue[0] == '1';
  }

  private static int varintLength(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private static int putVarint(byte[] dst, int at, int value) {
    int rest = value;
    int position = at;
    while ((rest & ~0x7f) != 0) {
      dst[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    dst[position++] = (byte) rest;
    return position;
  }

  /**
   * Collects events and frames them as one record. Not thread-safe; meant to be reused, so that
   * only {@link #toRecord} allocates.
   */
  public static final class Packer {
    private final int maxEvents;
    private final int maxBytes;
    private final CRC32C crc = new CRC32C();
    private byte[] body;
    private int bodyLength;
    private int events;

    /** A packer of records of at most {@code maxEvents} events and {@code maxBytes} bytes. */
    public Packer(int maxEvents, int maxBytes) {
      if (maxEvents < 1) {
        throw new IllegalArgumentException("maxEvents must be at least 1, is " + maxEvents);
      }
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes must be at least 1, is " + maxBytes);
      }
      this.maxEvents = maxEvents;
      this.maxBytes = maxBytes;
      this.body = new byte[Math.min(maxBytes, 4096)];
    }

    /**
     * True if an event of {@code length} bytes can be added within both limits. An event that
     * doesn't fit into an empty packer is too large to be packed at all and goes alone, as a plain
     * record.
     */
    public boolean fits(int length) {
      return events < maxEvents
          && (long) sizeOf(events + 1, bodyLength) + varintLength(length) + length <= maxBytes;
    }

    /**
     * Adds one event.
     *
     * @throws IllegalStateException if it doesn't {@link #fits fit}
     */
    public void add(byte[] src, int off, int len) {
      if (!fits(len)) {
        throw new IllegalStateException(
            "an event of %d bytes exceeds the record's %d events or %d bytes"
                .formatted(len, maxEvents, maxBytes));
      }
      int end = bodyLength + varintLength(len) + len;
      if (end > body.length) {
        body = Arrays.copyOf(body, Math.min(maxBytes, Math.max(end, body.length * 2)));
      }
      int at = putVarint(body, bodyLength, len);
      System.arraycopy(src, off, body, at, len);
      bodyLength = end;
      events++;
    }

    /** How many events were added since the last {@link #clear}. */
    public int events() {
      return events;
    }

    /** The length that {@link #toRecord} would have now; 0 without events. */
    public int sizeBytes() {
      return events == 0 ? 0 : sizeOf(events, bodyLength);
    }

    /** The events added so far as the value of a packed record, in a fresh array. */
    public byte[] toRecord() {
      if (events == 0) {
        throw new IllegalStateException("a packed record has at least one event");
      }
      byte[] record = new byte[sizeBytes()];
      int at = putVarint(record, 0, events);
      System.arraycopy(body, 0, record, at, bodyLength);
      at += bodyLength;
      crc.reset();
      crc.update(record, 0, at);
      int checksum = (int) crc.getValue();
      record[at] = (byte) (checksum >>> 24);
      record[at + 1] = (byte) (checksum >>> 16);
      record[at + 2] = (byte) (checksum >>> 8);
      record[at + 3] = (byte) checksum;
      return record;
    }

    /** Forgets all events; the packer is as new. */
    public void clear() {
      bodyLength = 0;
      events = 0;
    }

    private static int sizeOf(int events, int bodyLength) {
      return varintLength(events) + bodyLength + CHECKSUM_BYTES;
    }
  }

  /**
   * Walks over the events of a packed record, as places in the record's own bytes. {@link #wrap}
   * checks the checksum and the whole frame, so {@link #next} can't fail. Not thread-safe; reused
   * from record to record, it allocates nothing.
   */
  public static final class Unpacker {
    private static final byte[] EMPTY = {};

    private final CRC32C crc = new CRC32C();
    private byte[] record = EMPTY;
    private int count;
    private int index;
    private int offset;
    private int length;
    private int position;
    private int limit;

    /** Takes the value of a record with the packing header; the array must not change after. */
    public void wrap(byte[] record) throws MalformedEventException {
      this.record = EMPTY;
      count = 0;
      index = -1;
      offset = 0;
      length = 0;
      if (record.length <= CHECKSUM_BYTES) {
        throw badFrame("no room for a count and a checksum");
      }
      limit = record.length - CHECKSUM_BYTES;
      crc.reset();
      crc.update(record, 0, limit);
      if ((int) crc.getValue() != checksumAt(record, limit)) {
        throw new MalformedEventException(
            RejectReason.BAD_PACK_CHECKSUM, "packed record: the checksum differs from the bytes'");
      }
      position = 0;
      int declared = readVarint(record);
      if (declared < 1 || declared > limit - position) {
        throw badFrame("count out of bounds");
      }
      int first = position;
      for (int i = 0; i < declared; i++) {
        int eventLength = readVarint(record);
        if (eventLength < 0 || eventLength > limit - position) {
          throw badFrame("an event's length is out of bounds");
        }
        position += eventLength;
      }
      if (position != limit) {
        throw badFrame("bytes between the last event and the checksum");
      }
      this.record = record;
      count = declared;
      position = first;
    }

    /** Moves to the next event; false when there is none. */
    public boolean next() {
      if (index + 1 >= count) {
        return false;
      }
      length = readVarint(record);
      offset = position;
      position += length;
      index++;
      return true;
    }

    /** How many events the record has. */
    public int count() {
      return count;
    }

    /** The index of this event in its record, from 0. */
    public int index() {
      return index;
    }

    /** Where this event starts in the wrapped array. */
    public int offset() {
      return offset;
    }

    /** How many bytes this event has; 0 is possible. */
    public int length() {
      return length;
    }

    /** The varint at {@code position}, or -1 if it is cut short, too long or beyond an int. */
    private int readVarint(byte[] src) {
      int value = 0;
      for (int i = 0; i < MAX_VARINT_BYTES && position < limit; i++) {
        byte b = src[position++];
        value |= (b & 0x7f) << (7 * i);
        if (b >= 0) {
          boolean fits = i < MAX_VARINT_BYTES - 1 || b <= 0x07;
          return fits ? value : -1;
        }
      }
      return -1;
    }

    private static int checksumAt(byte[] src, int at) {
      return (src[at] & 0xff) << 24
          | (src[at + 1] & 0xff) << 16
          | (src[at + 2] & 0xff) << 8
          | (src[at + 3] & 0xff);
    }

    private static MalformedEventException badFrame(String what) {
      return new MalformedEventException(RejectReason.BAD_PACK_FRAME, "packed record: " + what);
    }
  }
}
