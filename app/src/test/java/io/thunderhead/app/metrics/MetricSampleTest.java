package io.thunderhead.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class MetricSampleTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  @Test
  void value_sumsOverLabels_andIsNaNWithoutTheMetric() {
    Counter counter =
        Counter.builder().name("events_total").help("h").labelNames("kind").register(registry);
    counter.labelValues("a").inc(2);
    counter.labelValues("b").inc(3);
    MetricSample sample = MetricSample.of(registry);
    assertThat(sample.value("events")).isEqualTo(5);
    assertThat(sample.value("events", "kind", "b")).isEqualTo(3);
    assertThat(sample.value("events", "kind", "c")).isZero();
    assertThat(sample.byLabel("events", "kind")).containsOnlyKeys("a", "b");
    assertThat(sample.value("nothing")).isNaN();
    assertThat(sample.value("nothing", "kind", "a")).isNaN();
  }

  @Test
  void quantile_coversWhatCameSinceTheEarlierSample() {
    Histogram histogram =
        Histogram.builder()
            .name("seconds")
            .help("h")
            .classicOnly()
            .classicLinearUpperBounds(0.1, 0.1, 10)
            .register(registry);
    histogram.observe(0.95);
    MetricSample before = MetricSample.of(registry);
    assertThat(MetricSample.of(registry).quantile("seconds", 0.5, before)).isNaN();
    for (int i = 1; i <= 100; i++) {
      histogram.observe(i / 200.0);
    }
    MetricSample after = MetricSample.of(registry);
    assertThat(after.quantile("seconds", 0.5, before)).isCloseTo(0.25, Offset.offset(0.01));
    assertThat(after.quantile("seconds", 0.99, before)).isCloseTo(0.495, Offset.offset(0.01));
    assertThat(after.quantile("nothing", 0.5, before)).isNaN();
  }
}
