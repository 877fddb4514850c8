package io.thunderhead.pipeline.transform;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import io.thunderhead.protocol.thrift.TweetEventReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the legacy firehose's {@code TweetEvent}s. No delete is dropped for its age or for anything
 * else: readers that still hold the post must hear of it.
 */
final class ThriftDecoder implements EventDecoder {
  private final boolean removeQuoting;
  private final long futureSkewSeconds;
  private final TweetEventReader event = new TweetEventReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();

  ThriftDecoder(TransformConfig config) {
    removeQuoting = config.quotedDelete() == TransformConfig.QuotedDelete.REMOVE;
    futureSkewSeconds = config.futureSkewSeconds();
  }

  @Override
  public @Nullable FilterReason decode(byte[] src, int offset, int length, long nowMs)
      throws MalformedEventException {
    event.read(src, offset, length);
    FilterReason filtered = filter();
    if (filtered != null) {
      return filtered;
    }
    long nowSeconds = nowMs / 1000;
    if (event.kind() == TweetEventReader.Kind.CREATE
        && event.createdAtSeconds() - futureSkewSeconds > nowSeconds) {
      throw new MalformedEventException(
          RejectReason.CREATED_IN_FUTURE,
          "core_data.created_at_secs: more than " + futureSkewSeconds + " s in the future");
    }
    writer.write(event, nowSeconds);
    return null;
  }

  private @Nullable FilterReason filter() {
    return switch (event.kind()) {
      case CREATE -> event.nullcast() ? FilterReason.NULLCAST : null;
      case DELETE -> null;
      case QUOTED_DELETE -> removeQuoting ? null : FilterReason.QUOTED_DELETE;
      case OTHER -> FilterReason.OTHER_EVENT;
    };
  }

  @Override
  public byte[] output() {
    return writer.buffer();
  }

  @Override
  public int outputLength() {
    return writer.length();
  }

  @Override
  public long keyId() {
    return event.authorId() > 0 ? event.authorId() : event.postId();
  }

  @Override
  public long eventTimeMs() {
    return event.timestampMs() > 0
        ? event.timestampMs()
        : event.kind() == TweetEventReader.Kind.CREATE ? event.createdAtSeconds() * 1000 : 0;
  }
}
