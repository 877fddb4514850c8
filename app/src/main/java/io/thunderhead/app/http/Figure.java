package io.thunderhead.app.http;

import java.util.Locale;

/** The live figures, and the metrics that they are read from. */
public enum Figure {
  GENERATED_PER_SECOND(Kind.RATE, "thunderhead_generate_events"),
  READ_PER_SECOND(Kind.RATE, "thunderhead_transform_events_read"),
  WRITTEN_PER_SECOND(Kind.RATE, "thunderhead_transform_events_written"),
  APPLIED_PER_SECOND(Kind.RATE, "thunderhead_replay_events"),
  TRANSFORM_LAG(Kind.VALUE, "thunderhead_transform_lag_records"),
  SERVE_LAG(Kind.VALUE, "thunderhead_replay_lag_records"),
  POSTS(Kind.VALUE, "thunderhead_store_posts"),
  REQUESTS_PER_SECOND(Kind.RATE, "thunderhead_feed_request_seconds"),
  REQUEST_P50_SECONDS(Kind.MEDIAN, "thunderhead_feed_request_seconds"),
  REQUEST_P99_SECONDS(Kind.P99, "thunderhead_feed_request_seconds");

  private enum Kind {
    VALUE,
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
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  double read(MetricSample now, MetricSample before, MetricSample oldest) {
    return switch (kind) {
      case VALUE -> now.value(metric);
      case RATE -> now.ratePerSecond(metric, before);
      case MEDIAN -> now.quantile(metric, 0.5, oldest);
      case P99 -> now.quantile(metric, 0.99, oldest);
    };
  }
}
