package io.thunderhead.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the foreign watcher's lines mean: whether all that was published is through, and whether
 * every partition with something to read moves on (I11). Used by one thread.
 */
final class Watch {
  private static final Duration STALL = Duration.ofSeconds(30);

  private final Map<String, Long> committed = new HashMap<>();
  private final Map<String, Long> movedMs = new HashMap<>();
  private long lastMs;
  private int quietLines;

  /** Forgets what it saw: a stall is one only while nothing is wrong. */
  void startAgain() {
    committed.clear();
    movedMs.clear();
    quietLines = 0;
  }

  /**
   * Looks at the newest line.
   *
   * @return whether the last two lines said that nothing is left to read, and that the serving node
   *     has answered completely since {@code sinceMs} with everything that was there by then
   */
  boolean isThrough(@Nullable JsonNode line, long sinceMs, List<String> breaches) {
    if (line == null || line.get("at").asLong() == lastMs) {
      return quietLines >= 2;
    }
    lastMs = line.get("at").asLong();
    JsonNode lag = line.get("lag");
    JsonNode probe = line.get("probe");
    boolean quiet = lag.isObject() && lastMs > sinceMs;
    for (Map.Entry<String, JsonNode> group : lag.properties()) {
      for (Map.Entry<String, JsonNode> partition : group.getValue().properties()) {
        long done = partition.getValue().get(0).asLong();
        boolean behind = done < partition.getValue().get(1).asLong();
        quiet &= !behind;
        moved(group.getKey() + "/" + partition.getKey(), done, behind, breaches);
      }
    }
    quiet &= probe.get("lastAsOfMs").asLong() > sinceMs;
    quietLines = quiet ? quietLines + 1 : 0;
    return quietLines >= 2;
  }

  private void moved(String where, long done, boolean behind, List<String> breaches) {
    Long before = committed.put(where, done);
    if (before == null || before != done || !behind) {
      movedMs.put(where, lastMs);
    } else if (lastMs - movedMs.getOrDefault(where, lastMs) > STALL.toMillis()) {
      breaches.add("I11 %s has not moved for %d s".formatted(where, STALL.toSeconds()));
      movedMs.put(where, lastMs);
    }
  }
}
