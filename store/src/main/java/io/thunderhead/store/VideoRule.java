package io.thunderhead.store;

/**
 * Which retweets count as videos without being marked so: those whose source is held, is a video
 * and no reply, as things stand at the read.
 */
final class VideoRule {
  private VideoRule() {}

  /** What a live source says about its retweets, one of the facts of {@link Relation}. */
  static int fact(PostBlock source, int unit) {
    return Timelines.isVideo(source.flags(unit))
        ? Relation.SOURCE_IS_VIDEO
        : Relation.SOURCE_IS_NO_VIDEO;
  }
}
