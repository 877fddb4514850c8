package io.thunderhead.serving.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How requests and answers may be compressed, and callers who lie about it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FeedEncodingIT {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final RunningFeed feed = new RunningFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void codecs_answerIsCompressedAsTheRequestWas() {
    feed.fill(100, 40);
    assertThat(encodingOf(feed.builder(), null)).isEqualTo("identity");
    assertThat(encodingOf(feed.builder(), "gzip")).isEqualTo("gzip");
    assertThat(encodingOf(RunningFeed.withZstd(feed.builder()), "zstd")).isEqualTo("zstd");
    // Nobody names zstd unless told to; gzip is named by all and means nothing.
    assertThat(encodingOf(RunningFeed.withZstd(feed.builder()), null)).isEqualTo("zstd");
    assertThat(encodingOf(RunningFeed.withZstd(feed.builder()), "gzip")).isEqualTo("gzip");
  }

  @Test
  void get_requestTooLargeAfterInflation_isRefusedWhateverItsCompressedSize() {
    MethodDescriptor<byte[], byte[]> raw =
        InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(new Bytes(), new Bytes())
            .build();
    ManagedChannel zstd = RunningFeed.channel(RunningFeed.withZstd(feed.builder()));
    try {
      for (String codec : List.of("gzip", "zstd")) {
        StatusRuntimeException refused =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        zstd, raw, CallOptions.DEFAULT.withCompression(codec), new byte[64 << 20]));
        assertThat(refused.getStatus().getCode())
            .as(codec)
            .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        // Less than a request may have, but far more than its ids could inflate to.
        StatusRuntimeException padded =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        zstd, raw, CallOptions.DEFAULT.withCompression(codec), new byte[4 << 20]));
        assertThat(padded.getStatus().getDescription()).as(codec).contains("times its size");
      }
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class,
                      () ->
                          ClientCalls.blockingUnaryCall(
                              zstd, raw, CallOptions.DEFAULT, new byte[] {(byte) 0xff}))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    } finally {
      zstd.shutdownNow();
    }
  }

  @Test
  void get_notWhatItsEncodingSays_isInvalidAndNoWarning() {
    MethodDescriptor<byte[], byte[]> raw =
        InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(new Bytes(), new Bytes())
            .build();
    java.util.logging.Logger grpc = java.util.logging.Logger.getLogger("io.grpc");
    List<String> warnings = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
              warnings.add(line.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    grpc.addHandler(handler);
    for (String codec : List.of("gzip", "zstd")) {
      CompressorRegistry liars = CompressorRegistry.newEmptyInstance();
      liars.register(new Liar(codec));
      ManagedChannel channel = RunningFeed.channel(feed.builder().compressorRegistry(liars));
      try {
        StatusRuntimeException refused =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        channel,
                        raw,
                        CallOptions.DEFAULT.withCompression(codec),
                        "not compressed at all".getBytes(UTF_8)));
        assertThat(refused.getStatus().getCode()).as(codec).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains("inflated");
      } finally {
        channel.shutdownNow();
      }
    }
    grpc.removeHandler(handler);
    assertThat(warnings).isEmpty();
  }

  private String encodingOf(NettyChannelBuilder from, @Nullable String codec) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    ManagedChannel own =
        RunningFeed.channel(
            from.intercept(
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())));
    try {
      var caller = InNetworkPostsServiceGrpc.newBlockingStub(own);
      if (codec != null) {
        caller = caller.withCompression(codec);
      }
      assertThat(caller.getInNetworkPosts(RunningFeed.following(100).build()).getPostsCount())
          .isEqualTo(40);
      String encoding = headers.get().get(ENCODING);
      return encoding == null ? "identity" : encoding;
    } finally {
      own.shutdownNow();
    }
  }

  private record Liar(String name) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return name;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
