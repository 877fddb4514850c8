package io.thunderhead.app.cli;

import io.thunderhead.app.config.StoreBudget;
import io.thunderhead.store.StoreConfig;
import picocli.CommandLine.Option;

/** What a store keeps and how much of an author it serves. */
final class StoreFlags {
  private static final StoreConfig DEFAULTS = StoreConfig.defaults();

  @Option(
      names = "--post-retention-seconds",
      paramLabel = "S",
      description = "How long after its creation a post is served.")
  private long postRetentionSeconds = DEFAULTS.retentionSeconds();

  @Option(
      names = "--future-skew-seconds",
      paramLabel = "S",
      description = "How far ahead of our clock a post's creation may lie.")
  private long futureSkewSeconds = DEFAULTS.futureSkewSeconds();

  @Option(
      names = "--max-original-posts-per-author",
      paramLabel = "N",
      description =
          "Original posts of one author in an answer at most; requests can only lower it.")
  private int maxOriginalPostsPerAuthor = DEFAULTS.maxOriginalPostsPerAuthor();

  @Option(
      names = "--max-reply-posts-per-author",
      paramLabel = "N",
      description = "Replies and retweets of one author in an answer at most.")
  private int maxReplyPostsPerAuthor = DEFAULTS.maxReplyPostsPerAuthor();

  @Option(
      names = "--max-video-posts-per-author",
      paramLabel = "N",
      description = "Posts of one author in an answer of videos at most.")
  private int maxVideoPostsPerAuthor = DEFAULTS.maxVideoPostsPerAuthor();

  @Option(
      names = "--max-posts-scanned-per-author",
      paramLabel = "N",
      description = "Live, not excluded posts looked at per author and list at most.")
  private int maxPostsScannedPerAuthor = DEFAULTS.maxPostsScannedPerAuthor();

  @Option(
      names = "--max-posts-kept-per-author",
      paramLabel = "N",
      description = "Posts kept per author and list at most; the oldest leaves.")
  private int maxPostsKeptPerAuthor = DEFAULTS.maxPostsKeptPerAuthor();

  @Option(
      names = "--store-bytes",
      paramLabel = "BYTES",
      description =
          "Memory that the posts may take, at most 80 %% of the heap; at it the oldest leave before"
              + " their time. 0: 70 %% of the heap.")
  private long storeBytes;

  StoreConfig config() {
    return new StoreConfig(
        postRetentionSeconds,
        futureSkewSeconds,
        maxOriginalPostsPerAuthor,
        maxReplyPostsPerAuthor,
        maxVideoPostsPerAuthor,
        maxPostsScannedPerAuthor,
        maxPostsKeptPerAuthor,
        StoreBudget.bytes(storeBytes, Runtime.getRuntime().maxMemory()));
  }
}
