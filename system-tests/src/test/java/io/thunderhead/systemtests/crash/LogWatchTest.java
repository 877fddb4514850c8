package io.thunderhead.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs into which each breach was planted alone. */
final class LogWatchTest {
  @TempDir Path dir;

  private final LogWatch watch = new LogWatch();
  private Role role = new Role("serve", List.of(), Map.of(), Path.of(""));

  @BeforeEach
  void writeLog() throws Exception {
    role = new Role("serve", List.of(), Map.of(), dir);
    Files.writeString(role.log(), "12:00 INFO ready\n");
  }

  private List<String> seen(String more) throws Exception {
    Files.writeString(role.log(), more, StandardOpenOption.APPEND);
    List<String> breaches = new ArrayList<>();
    watch.look(List.of(role), 2, breaches);
    return breaches;
  }

  @Test
  void quietLog_isSound_andNothingIsLookedAtTwice() throws Exception {
    assertThat(seen("")).isEmpty();
    assertThat(seen("12:01 ERROR one\n\tat a.B.c(B.java:1)\n")).hasSize(1);
    assertThat(seen("12:02 INFO fine\n")).isEmpty();
  }

  @Test
  void payload_isABreach() throws Exception {
    assertThat(seen("12:01 DEBUG the text of a post, which nobody downstream needs\n"))
        .containsExactly("I12 serve logs a payload");
  }

  @Test
  void oneCauseManyTimes_isABreach_whateverItsNumbers() throws Exception {
    StringBuilder flood = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      flood.append("12:01:").append(i).append(" INFO offset ").append(i * 17).append('\n');
    }
    assertThat(seen(flood.toString())).singleElement().asString().contains("says 30 times");
  }
}
