package io.thunderhead.app.metrics;

import java.util.Locale;

/** The live figures, and the metrics that they are read from. */
public enum Figure {
  EDGE_ACCEPTED_PER_SECOND(Kind.RATE, "thunderhead_edge_accepted"),
  EDGE_PUBLISHED_PER_SECOND(Kind.RATE, "thunderhead_edge_published"),
  EDGE_IN_FLIGHT(Kind.VALUE, "thunderhead_edge_in_flight_records"),
  EDGE_SPOOLED(Kind.VALUE, "thunderhead_edge_spool_events"),
  ENRICH_READ_PER_SECOND(Kind.RATE, "thunderhead_distribute_read"),
  ENRICH_DONE_PER_SECOND(Kind.RATE, "thunderhead_distribute_enrichments"),
  ENRICH_PARKED(Kind.VALUE, "thunderhead_distribute_parked_activities"),
  ENRICH_LAG(Kind.VALUE, "thunderhead_distribute_commit_lag_records"),
  ENRICH_LATE_LAG(Kind.VALUE, "thunderhead_distribute_late_commit_lag_records"),
  WORK_DONE_PER_SECOND(Kind.RATE, "thunderhead_work_outcomes"),
  WORK_HELD(Kind.VALUE, "thunderhead_work_held_requests"),
  GENERATED_PER_SECOND(Kind.RATE, "thunderhead_generate_events"),
  READ_PER_SECOND(Kind.RATE, "thunderhead_transform_read"),
  WRITTEN_PER_SECOND(Kind.RATE, "thunderhead_transform_written"),
  APPLIED_PER_SECOND(Kind.RATE, "thunderhead_replay_events"),
  TRANSFORM_LAG(Kind.VALUE, "thunderhead_transform_commit_lag_records"),
  SERVE_LAG(Kind.VALUE, "thunderhead_log_partition_lag_records"),
  POSTS(Kind.POSTS, "thunderhead_store_entities"),
  REQUESTS_PER_SECOND(Kind.RATE, "thunderhead_feed_request_seconds"),
  REQUEST_P50_SECONDS(Kind.MEDIAN, "thunderhead_feed_request_seconds"),
  REQUEST_P99_SECONDS(Kind.P99, "thunderhead_feed_request_seconds");

  private enum Kind {
    VALUE,
    POSTS,
    RATE,
    MEDIAN,
    P99
  }

  private final Kind kind;
  private final String metric;

  Figure(Kind kind, String metric) {
    this.kind = kind;
    this.metric = metric;
  }

  /** The name in the JSON of {@code /events}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  double read(MetricSample now, MetricSample before, MetricSample oldest) {
    return switch (kind) {
      case VALUE -> now.value(metric);
      case POSTS -> now.value(metric, "type", "posts");
      case RATE -> now.ratePerSecond(metric, before);
      case MEDIAN -> now.quantile(metric, 0.5, oldest);
      case P99 -> now.quantile(metric, 0.99, oldest);
    };
  }
}
