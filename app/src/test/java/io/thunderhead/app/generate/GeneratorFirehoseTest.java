package io.thunderhead.app.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.config.SourceConfig;
import io.thunderhead.pipeline.edge.firehose.FirehoseConnection;
import io.thunderhead.pipeline.edge.firehose.Frame;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GeneratorFirehoseTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final SourceConfig.Generator CONFIG =
      new SourceConfig.Generator(1_000_000, 7, 100, 3_000);

  @Test
  void connect_fromACursor_goesOnWithTheSameStream_whateverTheClockSays() throws Exception {
    List<Frame> whole = frames(START, 0, 3_001);
    assertThat(whole).hasSize(3_000);
    Frame middle = whole.get(1_499);
    List<Frame> rest = frames(START.plusSeconds(86_400), middle.cursor(), 3_001);
    assertThat(rest).hasSize(1_500);
    for (int i = 0; i < rest.size(); i++) {
      assertThat(text(rest.get(i))).isEqualTo(text(whole.get(1_500 + i)));
      assertThat(rest.get(i).cursor()).isEqualTo(whole.get(1_500 + i).cursor());
    }
    assertThat(whole).extracting(Frame::cursor).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void connect_withoutACursor_atAnotherTime_isAnotherStream() throws Exception {
    assertThat(text(frames(START, 0, 1).getFirst()))
        .isNotEqualTo(text(frames(START.plusSeconds(1), 0, 1).getFirst()));
  }

  private static List<Frame> frames(Instant now, long cursor, int most) throws Exception {
    GeneratorFirehose firehose = new GeneratorFirehose(CONFIG, InstantSource.fixed(now));
    List<Frame> frames = new ArrayList<>();
    try (FirehoseConnection connection = firehose.connect(0, cursor)) {
      for (int i = 0; i < most; i++) {
        Frame frame = connection.next();
        if (frame == null) {
          break;
        }
        frames.add(frame);
      }
    }
    return frames;
  }

  private static String text(Frame frame) {
    return new String(frame.bytes(), 0, frame.length(), UTF_8);
  }
}
