package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentLatenciesTest {
  @Test
  void recent_givesPercentilesOfTheLastOnes() {
    RecentLatencies latencies = new RecentLatencies();
    assertThat(latencies.recent()).isEqualTo(new FeedLatency(0, 0, 0));
    for (int i = 1; i <= 100; i++) {
      latencies.add(i * 1_000_000L);
    }
    assertThat(latencies.recent()).isEqualTo(new FeedLatency(100, 50, 99));
    for (int i = 0; i < 10_000; i++) {
      latencies.add(7_000_000);
    }
    assertThat(latencies.recent()).isEqualTo(new FeedLatency(4096, 7, 7));
  }
}
