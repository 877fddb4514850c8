package io.thunderhead.pipeline.edge;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a stream, plain or gzip, that end with LF or CR LF. A line longer than the limit is read
 * over to its end without being kept, so that no input takes more memory than one line may.
 */
final class LineReader implements Closeable {
  static final int END = -1;
  static final int TOO_LONG = -2;

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] block = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private byte[] line = new byte[4096];

  LineReader(InputStream source, int maxLineBytes) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(source, BUFFER_BYTES);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    this.in = magic == GZIP_MAGIC ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    this.maxLineBytes = maxLineBytes;
  }

  /** The last line, from 0 to the length that {@link #next} gave; overwritten by the next one. */
  byte[] line() {
    return line;
  }

  /** The length of the next line without its end, {@link #TOO_LONG}, or {@link #END}. */
  int next() throws IOException {
    int length = 0;
    boolean any = false;
    while (fill()) {
      any = true;
      int end = position;
      while (end < limit && block[end] != '\n') {
        end++;
      }
      length = append(length, end - position);
      position = end;
      if (end < limit) {
        position++;
        return withoutCarriageReturn(length);
      }
    }
    return any ? withoutCarriageReturn(length) : END;
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

  private int append(int length, int more) {
    if (length == TOO_LONG || length + more > maxLineBytes) {
      return TOO_LONG;
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(length + more, line.length * 2));
    }
    System.arraycopy(block, position, line, length, more);
    return length + more;
  }

  private int withoutCarriageReturn(int length) {
    return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
  }
}
