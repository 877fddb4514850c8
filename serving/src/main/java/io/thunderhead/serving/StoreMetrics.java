package io.thunderhead.serving;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreStats;

/** The store's own counters as metrics. Each is read when asked for; nothing is walked. */
final class StoreMetrics {
  private StoreMetrics() {}

  static void register(PostStore store, long maxBytes, PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("thunderhead_store_budget_bytes")
        .help("Most memory that the store takes, all parts together; 0: no limit.")
        .callback(callback -> callback.call((double) maxBytes))
        .register(registry);
    GaugeWithCallback.builder()
        .name("thunderhead_store_entities")
        .help(
            "What the store holds, by type: posts, authors with posts, entries of the three kinds"
                + " of list, tombstones.")
        .labelNames("type")
        .callback(callback -> {
          StoreStats stats = store.stats();
          callback.call((double) stats.posts(), "posts");
          callback.call((double) stats.authors(), "authors");
          callback.call((double) stats.originals(), "originals");
          callback.call((double) stats.secondary(), "secondary");
          callback.call((double) stats.videos(), "videos");
          callback.call((double) stats.tombstones(), "tombstones");
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("thunderhead_store_size_bytes")
        .help("Memory of the store, by part.")
        .labelNames("part")
        .callback(callback -> {
          StoreStats stats = store.stats();
          callback.call((double) stats.blockBytes(), "blocks");
          callback.call((double) stats.indexBytes(), "index");
          callback.call((double) stats.timelineBytes(), "timelines");
          callback.call((double) stats.authorBytes(), "authors");
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("thunderhead_store_left_posts")
        .help(
            "Posts that left the store, by reason: evicted by the kept limit, expired, or the oldest"
                + " at the memory budget.")
        .labelNames("reason")
        .callback(callback -> {
          StoreStats stats = store.stats();
          callback.call((double) stats.evicted(), "evicted");
          callback.call((double) stats.expired(), "expired");
          callback.call((double) stats.overBudget(), "memory_budget");
        })
        .register(registry);
  }
}
