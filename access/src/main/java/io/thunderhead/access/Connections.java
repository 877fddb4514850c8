package io.thunderhead.access;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open connections of one gRPC server: at most so many, and so many of one address. One more is
 * closed before a byte of it is read; those that are open are not disturbed. gRPC itself has no
 * such bound.
 */
public final class Connections implements AutoCloseable {
  private static final int BACKLOG_THREADS = 1;

  /** Netty's choice: two for each processor. */
  private static final int NETWORK_THREADS = 0;

  /**
   * A connection's turn on its thread: so much is read at once, so often. Floods take their turns
   * with everybody else on that thread, so a turn is short.
   */
  private static final int TURN_BYTES = 16 << 10;

  private static final int TURN_READS = 2;

  private final int most;
  private final int mostPerAddress;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup accepting = threads("grpc-accept", BACKLOG_THREADS);
  private final EventLoopGroup reading = threads("grpc-network", NETWORK_THREADS);
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, AtomicInteger> byAddress = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();

  /**
   * @param most connections at once
   * @param mostPerAddress of these from one address, such as a proxy's
   */
  public Connections(int most, int mostPerAddress) {
    this.most = most;
    this.mostPerAddress = mostPerAddress;
  }

  /** Puts the bound before a server. */
  public void bound(NettyServerBuilder server) {
    server
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(reading)
        .withChildOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(1 << 10, 4 << 10, TURN_BYTES)
                .maxMessagesPerRead(TURN_READS))
        .channelFactory(this::listener);
  }

  public int open() {
    return count.get();
  }

  /** Connections that were closed at once because there were enough. */
  public long refused() {
    return refused.get();
  }

  /**
   * Closes one connection, whatever is under way on it.
   *
   * @return false if it was closed already
   */
  public boolean cut(SocketAddress remote) {
    Channel connection = open.get(remote);
    if (connection == null || !leave(remote)) {
      return false;
    }
    // From before HTTP/2's handler, which would wait for its streams to end.
    var _ = connection.pipeline().firstContext().close();
    return true;
  }

  /** To be called after the server has ended. */
  @Override
  public void close() {
    var _ = accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var _ = reading.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private EventLoopGroup threads(String name, int threads) {
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handlers);
  }

  private ServerChannel listener() {
    ServerChannel channel = epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    channel.pipeline().addFirst(new Counter());
    return channel;
  }

  private boolean admit(Channel connection) {
    if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
      return false; // It is gone already.
    }
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return false;
    }
    InetAddress address = remote.getAddress();
    AtomicInteger ofAddress =
        byAddress.compute(
            address,
            (key, known) -> {
              AtomicInteger counter = known == null ? new AtomicInteger() : known;
              counter.incrementAndGet();
              return counter;
            });
    var _ = connection.closeFuture().addListener(closed -> leave(remote));
    open.put(remote, connection);
    if (ofAddress.get() > mostPerAddress) {
      leave(remote);
      return false;
    }
    return true;
  }

  /** True once for each connection, whoever calls it first. */
  private boolean leave(SocketAddress remote) {
    if (open.remove(remote) == null) {
      return false;
    }
    count.decrementAndGet();
    byAddress.computeIfPresent(
        ((InetSocketAddress) remote).getAddress(),
        (key, counter) -> counter.decrementAndGet() == 0 ? null : counter);
    return true;
  }

  /** Stands before gRPC on the listening socket, whose messages are new connections. */
  @Sharable
  private final class Counter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Channel connection && !admit(connection)) {
        refused.incrementAndGet();
        connection.unsafe().closeForcibly();
        return;
      }
      context.fireChannelRead(message);
    }
  }
}
