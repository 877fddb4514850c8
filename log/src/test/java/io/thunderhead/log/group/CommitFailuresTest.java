package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class CommitFailuresTest {
  private final CommitFailures failures = new CommitFailures();

  /** As the classic client wraps it: it has no answer to a group that is gone. */
  private final KafkaException groupIsGone =
      new KafkaException("Unexpected error in commit", new GroupIdNotFoundException("g"));

  @Test
  void failed_brokerAwayOrRebalances_howeverOften_isNoEnd() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(failures.failed(new TimeoutException())).isFalse();
      assertThat(failures.failed(new RetriableCommitFailedException("away"))).isFalse();
      assertThat(failures.failed(new RebalanceInProgressException())).isFalse();
      assertThat(failures.failed(new CommitFailedException())).isFalse();
    }
  }

  @Test
  void failed_groupIsGone_severalTimes_isTheEnd() {
    for (int i = 1; i < CommitFailures.MOST; i++) {
      assertThat(failures.failed(groupIsGone)).isFalse();
    }
    assertThat(failures.failed(groupIsGone)).isTrue();
  }

  @Test
  void failed_aSuccessBetween_countsAnew() {
    for (int i = 0; i < 100; i++) {
      assertThat(failures.failed(groupIsGone)).isFalse();
      failures.succeeded();
    }
  }
}
