package io.thunderhead.pipeline.edge;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a stream, plain or gzip, that end with LF or CR LF. A line longer than the limit is read
 * over to its end, and only its beginning is kept, so that no input takes more memory than one line
 * may.
 */
public final class LineReader implements Closeable {
  /** The stream is at its end. */
  public static final int END = -1;

  /** A line longer than the limit was read over. */
  public static final int TOO_LONG = -2;

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] block = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private byte[] line = new byte[4096];
  private int kept;
  private long fullLength;
  private boolean terminated;

  /** Looks at the first two bytes, and waits for them. */
  public LineReader(InputStream source, int maxLineBytes) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(source, BUFFER_BYTES);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    this.in = magic == GZIP_MAGIC ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    this.maxLineBytes = maxLineBytes;
  }

  /** The last line, from 0 to the length that {@link #next} gave; overwritten by the next one. */
  public byte[] line() {
    return line;
  }

  /** How many bytes of the last line are kept: all, or of one too long the first. */
  public int kept() {
    return kept;
  }

  /** How long the last line was, its carriage return included. */
  public long fullLength() {
    return fullLength;
  }

  /** Whether the last line had an end: false for what stands before the end of the stream. */
  public boolean terminated() {
    return terminated;
  }

  /** The length of the next line without its end, {@link #TOO_LONG}, or {@link #END}. */
  public int next() throws IOException {
    kept = 0;
    fullLength = 0;
    terminated = false;
    while (fill()) {
      int end = position;
      while (end < limit && block[end] != '\n') {
        end++;
      }
      keep(end - position);
      position = end;
      if (end < limit) {
        position++;
        terminated = true;
        return withoutCarriageReturn();
      }
    }
    return fullLength > 0 ? withoutCarriageReturn() : END;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(block, 0, block.length));
    }
    return limit > 0;
  }

  private void keep(int more) {
    fullLength += more;
    int room = Math.min(more, maxLineBytes - kept);
    if (kept + room > line.length) {
      line = Arrays.copyOf(line, Math.max(kept + room, Math.min(maxLineBytes, line.length * 2)));
    }
    System.arraycopy(block, position, line, kept, room);
    kept += room;
  }

  private int withoutCarriageReturn() {
    if (fullLength > maxLineBytes) {
      return TOO_LONG;
    }
    return kept > 0 && line[kept - 1] == '\r' ? kept - 1 : kept;
  }
}
