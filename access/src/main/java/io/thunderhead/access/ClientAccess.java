package io.thunderhead.access;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client shows who it is to servers, and which servers it believes. Changed files count from
 * the next connection or call on once {@link #watch} is called.
 *
 * @param tls null: nothing is encrypted
 * @param token sent with each call; null: none
 * @param serverName the name that the server's certificate must have; null: that of its address
 */
public record ClientAccess(
    @Nullable ClientTls tls, @Nullable OwnToken token, @Nullable String serverName) {

  /** Neither encrypted nor known. */
  public static ClientAccess open() {
    return new ClientAccess(null, null, null);
  }

  /** Sets a channel up. */
  public NettyChannelBuilder applyTo(NettyChannelBuilder channel) {
    if (tls == null) {
      channel.usePlaintext();
    } else {
      channel.sslContext(tls.grpc());
    }
    if (serverName != null) {
      channel.overrideAuthority(serverName);
    }
    if (token != null) {
      channel.intercept(new Bearer(token));
    }
    return channel;
  }

  /** Looks at the files again and again until it is closed. */
  public AutoCloseable watch(Duration every) {
    List<Reloadable> files = new ArrayList<>();
    if (tls != null) {
      files.addAll(tls.files());
    }
    if (token != null) {
      files.add(token);
    }
    return new FileWatch(files, every, taken -> {});
  }

  private record Bearer(OwnToken token) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          headers.put(TokenInterceptor.AUTHORIZATION, token.authorization());
          super.start(listener, headers);
        }
      };
    }
  }
}
