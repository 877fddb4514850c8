package io.thunderhead.log.write;

import java.util.Arrays;

/**
 * Events with a delimiter between them and none at the end, for readers of text. An event that
 * holds the delimiter, or nothing at all, can't be told apart again and goes alone.
 */
final class DelimitedFrame implements Frame {
  private final byte[] delimiter;
  private final int maxEvents;
  private final int maxBytes;
  private byte[] body;
  private int length;
  private int events;

  DelimitedFrame(byte[] delimiter, int maxEvents, int maxBytes) {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("delimiter is empty");
    }
    this.delimiter = delimiter.clone();
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.body = new byte[Math.min(maxBytes, 4096)];
  }

  /**
   * A delimiter of several bytes could also begin in an event and end in what follows: "x-" before
   * "--" reads as "x". So an event that starts or ends with one of its bytes goes alone too.
   */
  @Override
  public boolean canShare(byte[] src, int offset, int length) {
    if (length == 0) {
      return false;
    }
    if (delimiter.length > 1
        && (isOfDelimiter(src[offset]) || isOfDelimiter(src[offset + length - 1]))) {
      return false;
    }
    for (int at = offset; at <= offset + length - delimiter.length; at++) {
      if (src[at] == delimiter[0]
          && Arrays.equals(src, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
        return false;
      }
    }
    return true;
  }

  private boolean isOfDelimiter(byte value) {
    for (byte one : delimiter) {
      if (one == value) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean fits(int length) {
    return events < maxEvents && end(length) <= maxBytes;
  }

  @Override
  public void add(byte[] src, int offset, int length) {
    int end = (int) end(length);
    if (end > body.length) {
      body = Arrays.copyOf(body, Math.min(maxBytes, Math.max(end, 2 * body.length)));
    }
    if (events > 0) {
      System.arraycopy(delimiter, 0, body, this.length, delimiter.length);
    }
    System.arraycopy(src, offset, body, end - length, length);
    this.length = end;
    events++;
  }

  private long end(int added) {
    return (long) length + (events == 0 ? 0 : delimiter.length) + added;
  }

  @Override
  public int events() {
    return events;
  }

  @Override
  public byte[] toRecord() {
    return Arrays.copyOf(body, length);
  }

  @Override
  public void clear() {
    length = 0;
    events = 0;
  }
}
