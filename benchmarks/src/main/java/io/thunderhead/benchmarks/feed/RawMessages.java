package io.thunderhead.benchmarks.feed;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The service's method with messages as bytes, or only as their length. */
final class RawMessages {
  /** For whoever looks at answers. */
  static final MethodDescriptor<byte[], byte[]> WHOLE = method(new Whole());

  /** For whoever only times them: the answer is passed over, its length told. */
  static final MethodDescriptor<byte[], Integer> LENGTHS = method(new Length());

  private RawMessages() {}

  private static <T> MethodDescriptor<byte[], T> method(Marshaller<T> answers) {
    return InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(new Whole(), answers)
        .build();
  }

  private static final class Whole implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Length implements Marshaller<Integer> {
    @Override
    public InputStream stream(Integer message) {
      throw new UnsupportedOperationException("lengths are only received");
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        int length = stream.available();
        stream.skipNBytes(length);
        return length;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
