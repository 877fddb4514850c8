package io.thunderhead.serving.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads a file of {@code user_id,followed_id} lines, separated by a comma or a tab; a name that
 * ends in {@code .gz} is inflated on the way. Blank lines and lines that begin with {@code #} mean
 * nothing, and the first other line may be a header. A line that can't be used is counted and costs
 * only itself.
 */
final class FollowFileReader {
  private static final int MAX_LINE_BYTES = 256;

  private final int maxEdges;
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int lineLength;
  private boolean lineTooLong;
  private long lineNumber;
  private boolean headerPossible = true;

  private long[] from = new long[1024];
  private long[] to = new long[1024];
  private int count;
  private long badLines;
  private long firstBadLine;

  private FollowFileReader(int maxEdges) {
    this.maxEdges = maxEdges;
  }

  /**
   * @param firstBadLine its number, counted from 1; 0 if there is none
   */
  record Result(FollowEdges edges, long badLines, long firstBadLine) {}

  /**
   * @throws IOException if the file can't be read or has more than {@code maxEdges} edges
   */
  static Result read(Path file, int maxEdges) throws IOException {
    FollowFileReader reader = new FollowFileReader(maxEdges);
    try (InputStream raw = Files.newInputStream(file);
        InputStream in =
            file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw) {
      reader.readAll(in);
    }
    FollowEdges edges = FollowEdges.of(reader.from, reader.to, reader.count);
    return new Result(edges, reader.badLines, reader.firstBadLine);
  }

  private void readAll(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          endLine();
        } else if (lineLength < MAX_LINE_BYTES) {
          line[lineLength++] = buffer[i];
        } else {
          lineTooLong = true;
        }
      }
    }
    if (lineLength > 0) {
      endLine();
    }
  }

  private void endLine() throws IOException {
    lineNumber++;
    int start = 0;
    int end = lineLength;
    while (start < end && isBlank(line[start])) {
      start++;
    }
    while (end > start && isBlank(line[end - 1])) {
      end--;
    }
    boolean tooLong = lineTooLong;
    lineLength = 0;
    lineTooLong = false;
    if (start == end || line[start] == '#') {
      return;
    }
    if (tooLong || !addPair(start, end)) {
      if (!(headerPossible && isLetter(line[start]))) {
        badLines++;
        firstBadLine = firstBadLine == 0 ? lineNumber : firstBadLine;
      }
    }
    headerPossible = false;
  }

  private boolean addPair(int start, int end) throws IOException {
    int separator = start;
    while (separator < end && line[separator] != ',' && line[separator] != '\t') {
      separator++;
    }
    if (separator == end) {
      return false;
    }
    long user = id(start, separator);
    long followed = id(separator + 1, end);
    if (user <= 0 || followed <= 0) {
      return false;
    }
    if (count == maxEdges) {
      throw new IOException("more than " + maxEdges + " lines");
    }
    if (count == from.length) {
      int length = (int) Math.min(maxEdges, count * 2L);
      from = Arrays.copyOf(from, length);
      to = Arrays.copyOf(to, length);
    }
    from[count] = user;
    to[count++] = followed;
    return true;
  }

  /** The decimal number between blanks, or -1 if there is none or it is beyond a long. */
  private long id(int start, int end) {
    int first = start;
    int last = end;
    while (first < last && isBlank(line[first])) {
      first++;
    }
    while (last > first && isBlank(line[last - 1])) {
      last--;
    }
    if (first == last || last - first > 19) {
      return -1;
    }
    long value = 0;
    for (int i = first; i < last; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value; // 19 digits fit 64 bits unsigned, so an overflow shows as a negative number.
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\r' || b == '\t';
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '"' || b == (byte) 0xEF;
  }
}
