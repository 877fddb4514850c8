package io.thunderhead.pipeline.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.pipeline.transform.TransformConfig.InputFormat;
import io.thunderhead.pipeline.transform.TransformConfig.QuotedDelete;
import org.junit.jupiter.api.Test;

final class TransformConfigTest {
  @Test
  void defaults_areThese() {
    assertThat(TransformConfig.defaults())
        .isEqualTo(
            new TransformConfig(
                "tweet_events",
                "in_network_events",
                InputFormat.THRIFT,
                "thunderhead-transform",
                1,
                1000,
                100,
                50,
                "none",
                QuotedDelete.REMOVE,
                300,
                50_000,
                16 << 20,
                GroupProtocol.CLASSIC));
  }

  @Test
  void wrongValue_isRefusedByName() {
    assertThatThrownBy(() -> config("in", "in", 1, 1)).hasMessageContaining("outputTopic");
    assertThatThrownBy(() -> config(" ", "out", 1, 1)).hasMessageContaining("inputTopic");
    assertThatThrownBy(() -> config("in", "out", 0, 1)).hasMessageContaining("threads");
    assertThatThrownBy(() -> config("in", "out", 1, 0)).hasMessageContaining("packEvents");
  }

  private static TransformConfig config(String in, String out, int threads, int packEvents) {
    return new TransformConfig(
        in,
        out,
        InputFormat.THRIFT,
        "g",
        threads,
        1,
        packEvents,
        0,
        "none",
        QuotedDelete.KEEP,
        0,
        1,
        1,
        GroupProtocol.CONSUMER);
  }
}
