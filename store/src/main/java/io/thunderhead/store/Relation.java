package io.thunderhead.store;

/**
 * The third word of a timeline entry: what a reply or retweet needs of the post it refers to, as
 * far as it was known when the entry was made. It is a hint that saves a look-up, never the truth:
 * if the other post is no longer held under the hinted slot, ask the index again.
 *
 * <pre>
 *  slot of the other post 32 | filter of a user's hash 26 | fact 3 | has video 1 | retweet 1 | reply 1
 *  reply to original 4199      user replied to              PARENT_IS_ORIGINAL         reply
 * </pre>
 *
 * <p>The filtered user is the one replied to for a reply, and the source's author for any retweet.
 */
final class Relation {
  static final int REPLY = 1;
  static final int RETWEET = 2;
  static final int HAS_VIDEO = 4;

  /** Refers to no post: nothing to ask. */
  static final int NOTHING = 0;

  /** The other post was not held, or the entry refers to two: ask the index. */
  static final int UNKNOWN = 1;

  /** A reply whose parent is neither reply nor retweet. */
  static final int PARENT_IS_ORIGINAL = 2;

  /** A reply to a reply to the root of its conversation. */
  static final int PARENT_IS_FIRST_REPLY = 3;

  /** A reply further down, or to a retweet. */
  static final int TOO_DEEP = 4;

  /** A retweet of a video that is no reply. */
  static final int SOURCE_IS_VIDEO = 5;

  /** A retweet of anything else. */
  static final int SOURCE_IS_NO_VIDEO = 6;

  private Relation() {}

  static long of(int flags, int fact, int slot, long userId) {
    long filter = userId == 0 ? 0 : IdHash.filter(IdHash.of(userId));
    return (long) slot << 32 | filter << 6 | (long) fact << 3 | flags;
  }

  /** The same relation, with what has become known. */
  static long known(long relation, int fact, int slot) {
    return (long) slot << 32 | (relation & 0xFFFF_FFFFL & ~(7L << 3)) | (long) fact << 3;
  }

  static boolean isReply(long relation) {
    return (relation & REPLY) != 0;
  }

  static boolean isRetweet(long relation) {
    return (relation & RETWEET) != 0;
  }

  static boolean hasVideo(long relation) {
    return (relation & HAS_VIDEO) != 0;
  }

  static int fact(long relation) {
    return (int) (relation >>> 3) & 7;
  }

  static int userFilter(long relation) {
    return (int) (relation >>> 6) & ((1 << IdHash.FILTER_BITS) - 1);
  }

  static int slot(long relation) {
    return (int) (relation >>> 32);
  }
}
