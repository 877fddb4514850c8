package io.thunderhead.serving.feed;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Hands an encoded answer to gRPC as it is. */
final class AnswerMarshaller implements MethodDescriptor.Marshaller<EncodedAnswer> {
  @Override
  public InputStream stream(EncodedAnswer answer) {
    return new AnswerStream(answer.bytes(), answer.length());
  }

  @Override
  public EncodedAnswer parse(InputStream stream) {
    throw new UnsupportedOperationException("the server does not read answers");
  }

  /**
   * gRPC drains it in one piece; the inherited {@code read} is there for whatever stands between,
   * such as a compressor or an interceptor, and reads on from where draining would.
   */
  static final class AnswerStream extends ByteArrayInputStream implements KnownLength, Drainable {
    AnswerStream(byte[] bytes, int length) {
      super(bytes, 0, length);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int left = count - pos;
      target.write(buf, pos, left);
      pos = count;
      return left;
    }
  }
}
