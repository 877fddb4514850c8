package io.thunderhead.pipeline.edge.firehose;

import io.thunderhead.pipeline.edge.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lines of a stream as frames; blank ones are heartbeats. */
class LineConnection implements FirehoseConnection {
  private final InputStream in;
  private final int maxLineBytes;
  private final LongSupplier cursor;
  private @Nullable LineReader lines;
  private @Nullable IOException broken;

  /** The cursor is asked once for each line, the blank ones included. */
  LineConnection(InputStream in, int maxLineBytes, LongSupplier cursor) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
    this.cursor = cursor;
  }

  @Override
  public @Nullable Frame next() throws IOException {
    if (broken != null) {
      throw broken;
    }
    LineReader reader = lines;
    if (reader == null) {
      reader = new LineReader(in, maxLineBytes); // Waits for the first bytes.
      lines = reader;
    }
    int length;
    try {
      length = reader.next();
    } catch (IOException e) {
      if (reader.fullLength() == 0) {
        throw e;
      }
      broken = e; // What came of the line before the cut is told first.
      return frame(Frame.Kind.UNTERMINATED, reader, reader.kept());
    }
    if (length == LineReader.END) {
      return null;
    }
    if (length == LineReader.TOO_LONG) {
      return frame(Frame.Kind.TOO_LONG, reader, reader.kept());
    }
    if (isBlank(reader.line(), length)) {
      return Frame.heartbeat(cursor.getAsLong());
    }
    return frame(reader.terminated() ? Frame.Kind.RECORD : Frame.Kind.UNTERMINATED, reader, length);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // It is given up in any case.
    }
  }

  private Frame frame(Frame.Kind kind, LineReader reader, int length) {
    return new Frame(kind, reader.line(), length, reader.fullLength(), cursor.getAsLong());
  }

  private static boolean isBlank(byte[] line, int length) {
    for (int i = 0; i < length; i++) {
      if (line[i] > ' ' || line[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
