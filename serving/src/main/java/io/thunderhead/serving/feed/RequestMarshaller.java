package io.thunderhead.serving.feed;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes a request's bytes from the wire. What goes wrong in inflating them becomes part of the
 * request instead of an exception, so that the caller is told the reason.
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<InboundRequest> {
  @Override
  public InputStream stream(InboundRequest value) {
    throw new UnsupportedOperationException("the server does not send requests");
  }

  @Override
  public InboundRequest parse(InputStream stream) {
    try {
      return new InboundRequest(stream.readAllBytes(), null);
    } catch (StatusRuntimeException e) {
      // gRPC's own guard: more bytes after inflation than a message may have.
      return refused(e.getStatus());
    } catch (IOException e) {
      return refused(Status.INVALID_ARGUMENT.withDescription("the request can't be inflated"));
    }
  }

  private static InboundRequest refused(Status status) {
    return new InboundRequest(new byte[0], status);
  }
}
