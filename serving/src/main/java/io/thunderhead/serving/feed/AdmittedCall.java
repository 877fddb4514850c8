package io.thunderhead.serving.feed;

import io.grpc.ServerCall;
import io.thunderhead.store.StopSignal;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to an answer, and the signal that ends its walk through the store: when the
 * caller is gone, or when only enough time is left to send what was found.
 *
 * @param arrivedNs when the call began, by {@code System.nanoTime}
 * @param stopAtNs when the walk has to end, by the same clock; meaningless unless {@code limited}
 * @param compression how the answer is to be compressed, or null
 */
record AdmittedCall(
    ServerCall<InboundRequest, EncodedAnswer> call,
    InboundRequest request,
    long arrivedNs,
    boolean limited,
    long stopAtNs,
    @Nullable String compression)
    implements StopSignal {

  @Override
  public boolean shouldStop() {
    return call.isCancelled() || (limited && System.nanoTime() - stopAtNs >= 0);
  }
}
