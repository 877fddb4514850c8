package io.thunderhead.serving.feed;

import io.grpc.Decompressor;
import io.grpc.Status;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Inflates no message to much more than ids ever compress. The limit on a message's size alone
 * would let a few kilobytes cost us the inflation of megabytes, on the network's thread.
 */
final class BoundedInflation implements Decompressor {
  static final int FREE_BYTES = 64 << 10;
  static final int MOST_TIMES = 32;

  private final Decompressor codec;

  BoundedInflation(Decompressor codec) {
    this.codec = codec;
  }

  @Override
  public String getMessageEncoding() {
    return codec.getMessageEncoding();
  }

  @Override
  public InputStream decompress(InputStream compressed) throws IOException {
    Counted in = new Counted(compressed);
    return new Bounded(codec.decompress(in), in);
  }

  /** Counts what is read through it. */
  private static class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    long count() {
      return count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }

  private static final class Bounded extends Counted {
    private final Counted compressed;

    Bounded(InputStream inflated, Counted compressed) {
      super(inflated);
      this.compressed = compressed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      if (count() > FREE_BYTES + MOST_TIMES * compressed.count()) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription(
                "the request inflates to more than %d times its size".formatted(MOST_TIMES))
            .asRuntimeException();
      }
      return read;
    }
  }
}
