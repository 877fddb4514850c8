package io.thunderhead.serving.feed;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.grpc.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * zstd for gRPC messages, both ways. It inflates as it is read, so the limit on a message's size
 * stops a bomb; a frame that wants a larger window than such a message could use is refused, since
 * the window is allocated before the first byte comes out.
 */
public final class ZstdCodec implements Codec {
  /** The name in {@code grpc-encoding}. */
  public static final String NAME = "zstd";

  private static final int MAX_WINDOW_LOG = 23;

  private final int level;

  /** A codec that compresses at {@code level}; inflating is the same at any. */
  public ZstdCodec(int level) {
    this.level = level;
  }

  @Override
  public String getMessageEncoding() {
    return NAME;
  }

  @Override
  public OutputStream compress(OutputStream out) throws IOException {
    return new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE, level);
  }

  @Override
  public InputStream decompress(InputStream in) throws IOException {
    return new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE)
        .setLongMax(MAX_WINDOW_LOG);
  }
}
