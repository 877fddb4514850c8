package io.thunderhead.serving.feed;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.PerAuthorLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes and checks a {@code GetInNetworkPostsRequest} without making an object of it: a list of a
 * million ids must cost no more than the limit allows. Not thread-safe; reused from request to
 * request.
 */
final class RequestDecoder {
  private static final long UINT32 = 0xffffffffL;
  private static final int MAX_ALGORITHM_BYTES = 64;

  private final FeedConfig config;
  private final IdList following;
  private final IdList excludes;
  private long userId;
  private long maxResults;
  private boolean video;
  private boolean debug;
  private int maxPostsPerAuthor;
  private int maxRepliesPerAuthor;

  RequestDecoder(FeedConfig config) {
    this.config = config;
    this.following = new IdList("following_user_ids", config.maxIdsPerList());
    this.excludes = new IdList("exclude_tweet_ids", config.maxIdsPerList());
  }

  void decode(byte[] bytes, int length) throws InvalidRequestException {
    following.clear();
    excludes.clear();
    userId = 0;
    maxResults = 0;
    video = false;
    debug = false;
    maxPostsPerAuthor = Integer.MAX_VALUE;
    maxRepliesPerAuthor = Integer.MAX_VALUE;
    try {
      readFields(CodedInputStream.newInstance(bytes, 0, length));
    } catch (IOException e) {
      throw new InvalidRequestException("the request is not a valid protobuf message");
    }
    check();
  }

  long userId() {
    return userId;
  }

  IdList following() {
    return following;
  }

  IdList excludes() {
    return excludes;
  }

  /** The number asked for, or the default of its kind. */
  int maxResults() {
    return maxResults == 0
        ? Math.min(video ? 600 : 1200, config.maxResultsCeiling())
        : (int) maxResults;
  }

  boolean video() {
    return video;
  }

  boolean debug() {
    return debug;
  }

  int maxPostsPerAuthor() {
    return maxPostsPerAuthor;
  }

  int maxRepliesPerAuthor() {
    return maxRepliesPerAuthor;
  }

  private void readFields(CodedInputStream in) throws IOException, InvalidRequestException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int wire = WireFormat.getTagWireType(tag);
      switch (WireFormat.getTagFieldNumber(tag)) {
        case GetInNetworkPostsRequest.USER_ID_FIELD_NUMBER -> {
          if (isVarint(in, tag, wire)) {
            userId = in.readUInt64();
          }
        }
        case GetInNetworkPostsRequest.FOLLOWING_USER_IDS_FIELD_NUMBER ->
            readIds(in, tag, wire, following);
        case GetInNetworkPostsRequest.MAX_RESULTS_FIELD_NUMBER -> {
          if (isVarint(in, tag, wire)) {
            maxResults = in.readUInt32() & UINT32;
          }
        }
        case GetInNetworkPostsRequest.EXCLUDE_TWEET_IDS_FIELD_NUMBER ->
            readIds(in, tag, wire, excludes);
        case GetInNetworkPostsRequest.ALGORITHM_FIELD_NUMBER -> {
          if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            readAlgorithm(in);
          } else {
            in.skipField(tag);
          }
        }
        case GetInNetworkPostsRequest.DEBUG_FIELD_NUMBER -> {
          if (isVarint(in, tag, wire)) {
            debug = in.readBool();
          }
        }
        case GetInNetworkPostsRequest.IS_VIDEO_REQUEST_FIELD_NUMBER -> {
          if (isVarint(in, tag, wire)) {
            video = in.readBool();
          }
        }
        case GetInNetworkPostsRequest.PER_AUTHOR_LIMITS_FIELD_NUMBER -> {
          if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            readLimits(in);
          } else {
            in.skipField(tag);
          }
        }
        default -> in.skipField(tag);
      }
    }
  }

  private void readLimits(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_VARINT) {
        in.skipField(tag);
      } else if (number == PerAuthorLimits.MAX_POSTS_PER_AUTHOR_FIELD_NUMBER) {
        maxPostsPerAuthor = (int) Math.min(in.readUInt32() & UINT32, Integer.MAX_VALUE);
      } else if (number == PerAuthorLimits.MAX_REPLIES_REPOSTS_PER_AUTHOR_FIELD_NUMBER) {
        maxRepliesPerAuthor = (int) Math.min(in.readUInt32() & UINT32, Integer.MAX_VALUE);
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
  }

  private static void readIds(CodedInputStream in, int tag, int wire, IdList list)
      throws IOException, InvalidRequestException {
    if (wire == WireFormat.WIRETYPE_VARINT) {
      list.add(in.readUInt64());
    } else if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      int outer = in.pushLimit(in.readRawVarint32());
      while (in.getBytesUntilLimit() > 0) {
        list.add(in.readUInt64());
      }
      in.popLimit(outer);
    } else {
      in.skipField(tag);
    }
  }

  private static void readAlgorithm(CodedInputStream in)
      throws IOException, InvalidRequestException {
    int length = in.readRawVarint32();
    boolean known = false;
    if (length >= 0 && length <= MAX_ALGORITHM_BYTES) {
      known =
          switch (new String(in.readRawBytes(length), StandardCharsets.UTF_8)) {
            case "", "recent", "default", "latest" -> true;
            default -> false;
          };
    }
    if (!known) {
      throw new InvalidRequestException(
          "algorithm: must be empty, \"recent\", \"default\" or \"latest\"");
    }
  }

  private static boolean isVarint(CodedInputStream in, int tag, int wire) throws IOException {
    if (wire == WireFormat.WIRETYPE_VARINT) {
      return true;
    }
    in.skipField(tag);
    return false;
  }

  private void check() throws InvalidRequestException {
    if (userId < 0) {
      throw new InvalidRequestException("user_id: must be below 2^63");
    }
    if (maxResults > config.maxResultsCeiling()) {
      throw new InvalidRequestException(
          "max_results: must be at most " + config.maxResultsCeiling());
    }
    following.end();
    excludes.end();
  }
}
