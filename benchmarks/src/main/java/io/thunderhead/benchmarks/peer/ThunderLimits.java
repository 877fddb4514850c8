package io.thunderhead.benchmarks.peer;

import io.thunderhead.store.StoreConfig;

/** The limits of a {@link ThunderStore}, per author; and how old a post may be when it comes. */
public record ThunderLimits(
    long retentionSeconds,
    int maxOriginals,
    int maxReplies,
    int maxVideos,
    int maxScanned,
    int maxKept) {

  /** Those with which the checksums of docs/benchmarks/workload.md were made. */
  public static final ThunderLimits WORKLOAD = new ThunderLimits(172_800, 20, 10, 20, 100, 1000);

  /** The same for our store. */
  public StoreConfig ours() {
    return new StoreConfig(
        retentionSeconds, 300, maxOriginals, maxReplies, maxVideos, maxScanned, maxKept);
  }
}
