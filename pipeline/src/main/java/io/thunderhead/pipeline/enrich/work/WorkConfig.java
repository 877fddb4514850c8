package io.thunderhead.pipeline.enrich.work;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings of a worker, checked when it is made.
 *
 * @param distributors {@code host:port} of each
 * @param worker a name for people
 * @param concurrency requests that it holds at most, shared out over the distributors
 * @param drainMs how long a stop waits for what is being done; the rest is handed back
 */
public record WorkConfig(List<String> distributors, String worker, int concurrency, int drainMs) {
  private static final Pattern ADDRESS = Pattern.compile(".+:\\d{1,5}");
  private static final int MAX_DISTRIBUTORS = 64;
  private static final int MAX_CONCURRENCY = 10_000;
  private static final int MAX_DRAIN_MS = 60_000;

  public static final int DEFAULT_CONCURRENCY = 64;
  public static final int DEFAULT_DRAIN_MS = 5_000;

  public WorkConfig {
    distributors = List.copyOf(distributors);
    inRange("distributor", distributors.size(), 1, MAX_DISTRIBUTORS);
    for (String address : distributors) {
      if (!ADDRESS.matcher(address).matches()) {
        throw new IllegalArgumentException(
            "distributor must be HOST:PORT[,HOST:PORT…], not '" + address + "'");
      }
    }
    if (new HashSet<>(distributors).size() < distributors.size()) {
      throw new IllegalArgumentException("distributor: one is given twice");
    }
    inRange("concurrency", concurrency, distributors.size(), MAX_CONCURRENCY);
    inRange("drainMs", drainMs, 0, MAX_DRAIN_MS);
  }

  /** The part of the concurrency that one distributor may use. */
  int share(int distributor) {
    int least = concurrency / distributors.size();
    return least + (distributor < concurrency % distributors.size() ? 1 : 0);
  }

  private static void inRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be from " + min + " to " + max + ": " + value);
    }
  }
}
