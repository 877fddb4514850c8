package io.thunderhead.access;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/**
 * Tells a refused caller when to come again, in both ways that gRPC knows: the trailer that its own
 * retries heed, and {@code google.rpc.RetryInfo} in the status details.
 */
public final class RetryHint {
  /** Milliseconds, as gRPC's retries read it. */
  public static final Metadata.Key<String> PUSHBACK_MS =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** A {@code google.rpc.Status}. */
  public static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Status status;
  private final String pushback;
  private final byte[] details;

  /** The hint that goes with this status. */
  public RetryHint(Status status, long waitMs) {
    this.status = status;
    this.pushback = Long.toString(waitMs);
    Duration delay =
        Duration.newBuilder()
            .setSeconds(TimeUnit.MILLISECONDS.toSeconds(waitMs))
            .setNanos((int) TimeUnit.MILLISECONDS.toNanos(waitMs % 1000))
            .build();
    String words = status.getDescription();
    this.details =
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .setMessage(words == null ? "" : words)
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build()
            .toByteArray();
  }

  public Status status() {
    return status;
  }

  /** New each time: gRPC writes into the trailers of a call. */
  public Metadata trailers() {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK_MS, pushback);
    trailers.put(DETAILS, details);
    return trailers;
  }
}
