package io.thunderhead.pipeline.edge.ingest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What leaves the edge, and its form in the spool. */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
sealed interface OutboundEvent {
  byte[] bytes();

  /**
   * An activity.
   *
   * @param key the id whose decimal form is the record's key
   */
  record Activity(long key, byte[] bytes) implements OutboundEvent {}

  /**
   * A bad record.
   *
   * @param source of which firehose
   * @param connection of which of its connections
   * @param cursor where it stood
   * @param reason why it is bad
   * @param fullLength how long it was; {@code bytes} may be only its beginning
   */
  record DeadLetter(
      String source, int connection, long cursor, String reason, long fullLength, byte[] bytes)
      implements OutboundEvent {}

  byte ACTIVITY = 1;
  byte DEAD_LETTER = 2;
  int OVERHEAD_BYTES = 64;

  default long sizeBytes() {
    return OVERHEAD_BYTES + (long) bytes().length;
  }

  default byte[] toSpool() {
    return switch (this) {
      case Activity(long key, byte[] bytes) ->
          ByteBuffer.allocate(9 + bytes.length).put(ACTIVITY).putLong(key).put(bytes).array();
      case DeadLetter letter -> {
        try {
          ByteArrayOutputStream entry = new ByteArrayOutputStream();
          DataOutputStream out = new DataOutputStream(entry);
          out.writeByte(DEAD_LETTER);
          out.writeUTF(letter.source());
          out.writeInt(letter.connection());
          out.writeLong(letter.cursor());
          out.writeUTF(letter.reason());
          out.writeLong(letter.fullLength());
          out.write(letter.bytes());
          yield entry.toByteArray();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  static OutboundEvent fromSpool(byte[] entry) throws IOException {
    if (entry.length >= 9 && entry[0] == ACTIVITY) {
      ByteBuffer in = ByteBuffer.wrap(entry, 1, entry.length - 1);
      long key = in.getLong();
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return new Activity(key, bytes);
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
    if (in.readByte() != DEAD_LETTER) {
      throw new IOException("an entry of the spool is of a kind that is not known here");
    }
    return new DeadLetter(
        in.readUTF(), in.readInt(), in.readLong(), in.readUTF(), in.readLong(), in.readAllBytes());
  }
}
