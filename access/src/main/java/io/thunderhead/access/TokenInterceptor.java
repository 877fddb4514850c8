package io.thunderhead.access;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls with a known token through, before a byte of their request is taken. Health is for
 * everybody: those who ask for it are probes, which have no token.
 */
final class TokenInterceptor implements ServerInterceptor {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final String HEALTH = "grpc.health.v1.Health";

  private final Tokens tokens;
  private final AccessMetrics metrics;

  TokenInterceptor(Tokens tokens, AccessMetrics metrics) {
    this.tokens = tokens;
    this.metrics = metrics;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (HEALTH.equals(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    return switch (tokens.call(authorization(headers))) {
      case Tokens.Welcome(String caller) -> {
        metrics.welcomed(caller);
        yield next.startCall(call, headers);
      }
      case Tokens.Stranger(String reason, String words) ->
          refuse(call, reason, Status.UNAUTHENTICATED.withDescription(words), new Metadata());
      case Tokens.OverQuota(_, int rate, long waitMs) -> {
        RetryHint hint =
            new RetryHint(
                Status.RESOURCE_EXHAUSTED.withDescription(
                    "the quota of " + rate + " requests a second is used up"),
                waitMs);
        yield refuse(call, "quota", hint.status(), hint.trailers());
      }
    };
  }

  private <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, String reason, Status status, Metadata trailers) {
    metrics.refused("grpc", reason);
    call.close(status, trailers);
    return new ServerCall.Listener<>() {};
  }

  /** The one authorization; two are none, for who knows which of them others would heed. */
  private static @Nullable String authorization(Metadata headers) {
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all == null) {
      return null;
    }
    Iterator<String> each = all.iterator();
    String first = each.next();
    return each.hasNext() ? "several" : first;
  }
}
