package io.thunderhead.serving.feed;

import com.google.protobuf.CodedOutputStream;
import io.thunderhead.protocol.v1.Completeness;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.store.ReadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A {@code GetInNetworkPostsResponse} as bytes: the posts as the store keeps them, one after
 * another, and the completeness behind them. Reused: it is gRPC's only until {@code sendMessage}
 * returns, which copies it. Not thread-safe.
 */
final class EncodedAnswer {
  /** Room that is kept between answers. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final int COMPLETENESS_TAG_BYTES = 1;

  private byte[] bytes = new byte[4096];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * @param searched authors whose posts were considered
   * @param cutReasons what is missing and why; empty if nothing is
   */
  void encode(
      ReadResult result, int requested, int searched, long asOfMs, List<String> cutReasons) {
    int bodyBytes = completenessBytes(requested, searched, asOfMs, cutReasons);
    int postsBytes = result.encodedLength();
    int tailBytes =
        COMPLETENESS_TAG_BYTES + CodedOutputStream.computeUInt32SizeNoTag(bodyBytes) + bodyBytes;
    room(postsBytes + tailBytes);
    result.copyTo(bytes, 0);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, postsBytes, tailBytes);
      out.writeTag(GetInNetworkPostsResponse.COMPLETENESS_FIELD_NUMBER, 2);
      out.writeUInt32NoTag(bodyBytes);
      writeCompleteness(out, requested, searched, asOfMs, cutReasons);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    length = postsBytes + tailBytes;
  }

  private void room(int needed) {
    if (needed > bytes.length || (bytes.length > KEPT_BYTES && needed <= KEPT_BYTES)) {
      bytes = new byte[Math.max(4096, Integer.highestOneBit(needed) << 1)];
    }
  }

  private static int completenessBytes(
      int requested, int searched, long asOfMs, List<String> cutReasons) {
    int size = cutReasons.isEmpty() ? 2 : 0;
    if (requested != 0) {
      size +=
          CodedOutputStream.computeUInt32Size(
              Completeness.AUTHORS_REQUESTED_FIELD_NUMBER, requested);
    }
    if (searched != 0) {
      size +=
          CodedOutputStream.computeUInt32Size(Completeness.AUTHORS_SEARCHED_FIELD_NUMBER, searched);
    }
    if (asOfMs != 0) {
      size += CodedOutputStream.computeInt64Size(Completeness.AS_OF_MS_FIELD_NUMBER, asOfMs);
    }
    for (String reason : cutReasons) {
      size += CodedOutputStream.computeStringSize(Completeness.CUT_REASONS_FIELD_NUMBER, reason);
    }
    return size;
  }

  private static void writeCompleteness(
      CodedOutputStream out, int requested, int searched, long asOfMs, List<String> cutReasons)
      throws IOException {
    if (cutReasons.isEmpty()) {
      out.writeBool(Completeness.COMPLETE_FIELD_NUMBER, true);
    }
    if (requested != 0) {
      out.writeUInt32(Completeness.AUTHORS_REQUESTED_FIELD_NUMBER, requested);
    }
    if (searched != 0) {
      out.writeUInt32(Completeness.AUTHORS_SEARCHED_FIELD_NUMBER, searched);
    }
    if (asOfMs != 0) {
      out.writeInt64(Completeness.AS_OF_MS_FIELD_NUMBER, asOfMs);
    }
    for (String reason : cutReasons) {
      out.writeString(Completeness.CUT_REASONS_FIELD_NUMBER, reason);
    }
  }
}
