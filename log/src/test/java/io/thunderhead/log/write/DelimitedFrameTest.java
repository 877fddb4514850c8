package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DelimitedFrameTest {
  /** Events of few letters, so that delimiters and their halves turn up everywhere. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "-", "--", "-+-", "ab"})
  void toRecord_splitAtTheDelimiter_givesTheEventsBack(String delimiter) {
    Random random = new Random(7);
    DelimitedFrame frame = new DelimitedFrame(delimiter.getBytes(UTF_8), 20, 60);
    for (int round = 0; round < 2_000; round++) {
      List<String> events = new ArrayList<>();
      frame.clear();
      while (true) {
        String event = word(random);
        byte[] bytes = ("(" + event + ")").getBytes(UTF_8);
        if (!frame.canShare(bytes, 1, bytes.length - 2)) {
          continue;
        }
        if (!frame.fits(bytes.length - 2)) {
          break;
        }
        frame.add(bytes, 1, bytes.length - 2);
        events.add(event);
      }
      assertThat(frame.events()).isEqualTo(events.size()).isLessThanOrEqualTo(20);
      String text = new String(frame.toRecord(), UTF_8);
      assertThat(text.length()).isLessThanOrEqualTo(60);
      assertThat(text.split(Pattern.quote(delimiter), -1)).containsExactlyElementsOf(events);
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(6); length > 0; length--) {
      word.append("ab-+\nx".charAt(random.nextInt(6)));
    }
    return word.toString();
  }
}
