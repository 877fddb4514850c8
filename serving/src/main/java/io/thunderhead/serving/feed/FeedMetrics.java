package io.thunderhead.serving.feed;

import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.store.ReadStatistics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * What the service counts. Every call has exactly one status in {@code thunderhead_feed_requests};
 * the durations and sizes are those of calls that were admitted and valid.
 */
final class FeedMetrics {
  final Histogram seconds;
  final Histogram secondsWithoutGraph;
  final Histogram graphSeconds;
  final Histogram following;
  final Histogram excluded;
  final Histogram maxResults;
  final Histogram postsReturned;
  private final Histogram returnedRatio;
  private final Map<Status.Code, CounterDataPoint> requests = new EnumMap<>(Status.Code.class);
  private final Counter rejected;
  private final Counter incomplete;
  private final Counter graphLookups;
  private final Counter cutConnections;
  private final Stage retrieved;
  private final Stage scored;

  FeedMetrics(PrometheusRegistry registry, IntSupplier inFlight, IntSupplier limit) {
    seconds = latency("request_seconds", "From the call's arrival to its answer.", registry);
    secondsWithoutGraph =
        latency(
            "request_without_graph_seconds",
            "The same without the time that the follow-graph look-up took.",
            registry);
    graphSeconds = latency("graph_lookup_seconds", "Look-ups in the follow graph.", registry);
    following = sizes("following_users", "Length of the following list that was used.", registry);
    excluded = sizes("excluded_posts", "Length of the exclude list.", registry);
    maxResults = sizes("max_results_posts", "Posts asked for, or the default.", registry);
    postsReturned = sizes("returned_posts", "Posts in an answer, empty answers too.", registry);
    returnedRatio =
        Histogram.builder()
            .name("thunderhead_feed_returned_ratio")
            .help("Posts of an answer as a share of the posts examined for it, if there were any.")
            .classicOnly()
            .classicLinearUpperBounds(0, 0.1, 11)
            .register(registry);
    Counter byStatus = counter("requests", "Calls ended, by gRPC status.", registry, "status");
    for (Status.Code code : Status.Code.values()) {
      requests.put(code, byStatus.labelValues(code.name().toLowerCase(Locale.ROOT)));
    }
    rejected = counter("rejected_requests", "Calls not answered, by reason.", registry, "reason");
    incomplete =
        counter(
            "incomplete_answers", "Answers that say they are cut, by reason.", registry, "reason");
    cutConnections =
        counter(
            "cut_connections",
            "Connections cut because their answers were not taken, by reason.",
            registry,
            "reason");
    graphLookups =
        counter("graph_lookups", "Look-ups in the follow graph, by status.", registry, "status");
    gauge(registry, "in_flight_requests", "Requests being answered now.", inFlight::getAsInt);
    gauge(
        registry,
        "concurrency_limit_requests",
        "Requests that may be answered at once now.",
        limit::getAsInt);
    Found found = new Found(registry);
    retrieved = new Stage(found, "retrieved");
    scored = new Stage(found, "scored");
  }

  void ended(Status.Code code) {
    CounterDataPoint counter = requests.get(code);
    if (counter != null) {
      counter.inc();
    }
  }

  void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  void cutConnection(String reason) {
    cutConnections.labelValues(reason).inc();
  }

  /** What is looked at rather than counted. */
  static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier figure) {
    GaugeWithCallback.builder()
        .name("thunderhead_feed_" + name)
        .help(help)
        .callback(callback -> callback.call(figure.getAsDouble()))
        .register(registry);
  }

  void incomplete(String reason) {
    incomplete.labelValues(reason).inc();
  }

  void graphLookup(String status, long durationNs) {
    graphLookups.labelValues(status).inc();
    graphSeconds.observe(durationNs / 1e9);
  }

  /** Both stages of one answer. Stages without a post say nothing about posts. */
  void found(ReadStatistics retrievedPosts, ReadStatistics scoredPosts, long nowSeconds) {
    if (retrievedPosts.posts() > 0) {
      returnedRatio.observe((double) scoredPosts.posts() / retrievedPosts.posts());
    }
    retrieved.observe(retrievedPosts, nowSeconds);
    scored.observe(scoredPosts, nowSeconds);
  }

  private static Histogram latency(String name, String help, PrometheusRegistry registry) {
    return Histogram.builder()
        .name("thunderhead_feed_" + name)
        .help(help)
        .classicOnly()
        .classicExponentialUpperBounds(10e-6, 1.5, 34)
        .register(registry);
  }

  private static Histogram sizes(String name, String help, PrometheusRegistry registry) {
    return Histogram.builder()
        .name("thunderhead_feed_" + name)
        .help(help)
        .classicOnly()
        .classicExponentialUpperBounds(1, 2, 18)
        .register(registry);
  }

  private static Counter counter(
      String name, String help, PrometheusRegistry registry, String label) {
    return Counter.builder()
        .name("thunderhead_feed_" + name)
        .help(help)
        .labelNames(label)
        .register(registry);
  }

  /** The distributions over answers, each by stage. */
  private static final class Found {
    final Histogram freshness;
    final Histogram timeRange;
    final Histogram replyRatio;
    final Histogram uniqueAuthors;
    final Histogram postsPerAuthor;

    Found(PrometheusRegistry registry) {
      freshness =
          staged("freshness_seconds", "Age of the newest post.")
              .classicExponentialUpperBounds(1, 2, 18)
              .register(registry);
      timeRange =
          staged("time_range_seconds", "From the oldest post to the newest.")
              .classicExponentialUpperBounds(1, 2, 18)
              .register(registry);
      replyRatio =
          staged("reply_ratio", "Share of replies.")
              .classicLinearUpperBounds(0, 0.1, 11)
              .register(registry);
      uniqueAuthors =
          staged("unique_authors", "Distinct authors.")
              .classicExponentialUpperBounds(1, 2, 16)
              .register(registry);
      postsPerAuthor =
          staged("posts_per_author", "Mean posts per author.")
              .classicExponentialUpperBounds(1, 1.5, 14)
              .register(registry);
    }

    private static Histogram.Builder staged(String name, String help) {
      return Histogram.builder()
          .name("thunderhead_feed_found_" + name)
          .help(
              help
                  + " Stage retrieved: posts examined before the early stop; scored: posts of the"
                  + " answer.")
          .labelNames("stage")
          .classicOnly();
    }
  }

  /** One stage's data points, resolved once. */
  private static final class Stage {
    private final DistributionDataPoint freshness;
    private final DistributionDataPoint timeRange;
    private final DistributionDataPoint replyRatio;
    private final DistributionDataPoint uniqueAuthors;
    private final DistributionDataPoint postsPerAuthor;

    Stage(Found found, String stage) {
      freshness = found.freshness.labelValues(stage);
      timeRange = found.timeRange.labelValues(stage);
      replyRatio = found.replyRatio.labelValues(stage);
      uniqueAuthors = found.uniqueAuthors.labelValues(stage);
      postsPerAuthor = found.postsPerAuthor.labelValues(stage);
    }

    void observe(ReadStatistics posts, long nowSeconds) {
      if (posts.posts() == 0) {
        return;
      }
      freshness.observe((double) Math.max(0, nowSeconds - posts.newest()));
      timeRange.observe((double) (posts.newest() - posts.oldest()));
      replyRatio.observe(posts.replyRatio());
      uniqueAuthors.observe(posts.authors());
      postsPerAuthor.observe(posts.postsPerAuthor());
    }
  }
}
