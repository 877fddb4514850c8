package io.thunderhead.systemtests.crash;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether what a process holds levels off (I10): once it is warm, its threads, its open files and
 * its memory must not go on growing. Its heap is bounded by {@code -Xmx}, its memory outside is
 * not.
 */
final class Soak {
  private static final double MOST_GROWTH = 1.3;
  private static final int SLACK = 20;

  /** A heap that was not used up to its bound when the process was warm. */
  private static final int SLACK_MEGABYTES = 150;

  private final Duration warm;
  private final Map<Long, Life> lives = new HashMap<>();

  private record Life(long sinceNanos, Role.Usage atFirst, boolean isWarm) {}

  Soak(Duration warm) {
    this.warm = warm;
  }

  void look(Role role, Role.Usage usage, List<String> breaches) {
    long now = System.nanoTime();
    Life life = lives.computeIfAbsent(role.pid(), _ -> new Life(now, usage, false));
    if (!life.isWarm()) {
      if (now - life.sinceNanos() > warm.toNanos()) {
        lives.put(role.pid(), new Life(now, usage, true));
      }
      return;
    }
    if (grew(life.atFirst().threads(), usage.threads(), SLACK)
        || grew(life.atFirst().files(), usage.files(), SLACK)
        || grew(life.atFirst().megabytes(), usage.megabytes(), SLACK_MEGABYTES)) {
      breaches.add("I10 %s grows: %s, before %s".formatted(role.name(), usage, life.atFirst()));
    }
  }

  private static boolean grew(int before, int now, int slack) {
    return now > before * MOST_GROWTH + slack;
  }
}
