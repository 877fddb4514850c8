package io.thunderhead.log.group;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What became of the events of one partition, counted from the first one that the group ever read.
 * It is stored as the metadata of the committed offset, so that a kill -9 loses no count: counts
 * and offset move together or not at all. Immutable.
 *
 * <pre>
 *   from=0;read=1003;written=1000;dead.no_id=1;filtered.nullcast=2
 *   from       the offset at which counting began
 *   read       events, a packed record counting as many as it holds
 *   written    events acknowledged by the output topic
 *   filtered.R events left out on purpose, for reason R
 *   dead.R     events acknowledged by the dead letter topic, for reason R
 *   skipped    offsets that retention deleted before they were read
 * </pre>
 *
 * <p>read = written + Σ filtered.R + Σ dead.R. Other names may be added; {@code name=number} pairs,
 * joined by semicolons, stay. At most {@value #MAX_NAMES} names of at most {@value
 * #MAX_NAME_LENGTH} characters, which is below the broker's offset.metadata.max.bytes of 4096.
 */
public final class LedgerCounts {
  /** Nothing counted. */
  public static final LedgerCounts NONE = new LedgerCounts(new TreeMap<>());

  public static final String FROM = "from";
  public static final String READ = "read";
  public static final String WRITTEN = "written";
  public static final String SKIPPED = "skipped";
  private static final String FILTERED = "filtered.";
  private static final String DEAD = "dead.";

  static final int MAX_NAMES = 64;
  static final int MAX_NAME_LENGTH = 40;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.]{1," + MAX_NAME_LENGTH + "}");

  private final Map<String, Long> counts;

  private LedgerCounts(SortedMap<String, Long> counts) {
    if (counts.size() > MAX_NAMES) {
      throw new IllegalArgumentException(
          "a ledger has at most " + MAX_NAMES + " names: " + counts.size());
    }
    this.counts = Collections.unmodifiableSortedMap(counts);
  }

  /** Nothing counted yet, from {@code offset} on. */
  public static LedgerCounts startingAt(long offset) {
    return of(Map.of(FROM, offset));
  }

  /**
   * These counts.
   *
   * @throws IllegalArgumentException if a name or a number can't be in a ledger
   */
  public static LedgerCounts of(Map<String, Long> counts) {
    TreeMap<String, Long> sorted = new TreeMap<>();
    counts.forEach((name, count) -> sorted.put(checkName(name), checkCount(name, count)));
    return new LedgerCounts(sorted);
  }

  /** The name of events filtered for a reason. */
  public static String filtered(String reason) {
    return FILTERED + reason;
  }

  /** The name of events dead-lettered for a reason. */
  public static String dead(String reason) {
    return DEAD + reason;
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws IllegalArgumentException if it is anything else, such as another program's metadata
   */
  public static LedgerCounts parse(String metadata) {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (String pair : metadata.split(";", MAX_NAMES + 1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not a ledger: a part without =");
      }
      String name = checkName(pair.substring(0, equals));
      if (counts.put(name, parseCount(name, pair.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("not a ledger: twice " + name);
      }
    }
    return new LedgerCounts(counts);
  }

  /** As offset metadata; empty if nothing was counted. */
  public String format() {
    StringBuilder text = new StringBuilder();
    counts.forEach((name, count) ->
        text.append(text.isEmpty() ? "" : ";").append(name).append('=').append(count));
    return text.toString();
  }

  /** These and those together; where counting began stays. */
  public LedgerCounts plus(LedgerCounts more) {
    TreeMap<String, Long> sum = new TreeMap<>(counts);
    more.counts.forEach(
        (name, count) -> sum.merge(name, count, name.equals(FROM) ? Math::min : Long::sum));
    return new LedgerCounts(sum);
  }

  /** One count; 0 if it was never counted. */
  public long get(String name) {
    return counts.getOrDefault(name, 0L);
  }

  public long read() {
    return get(READ);
  }

  public long written() {
    return get(WRITTEN);
  }

  public long filtered() {
    return sum(FILTERED);
  }

  public long deadLettered() {
    return sum(DEAD);
  }

  /** True if every event that was read is in exactly one other count. */
  public boolean addsUp() {
    return read() == written() + filtered() + deadLettered();
  }

  /** Every count by its name, in order of the names. */
  public Map<String, Long> asMap() {
    return counts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LedgerCounts that && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return format();
  }

  private long sum(String prefix) {
    long sum = 0;
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      if (count.getKey().startsWith(prefix)) {
        sum += count.getValue();
      }
    }
    return sum;
  }

  private static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a ledger: a name must match " + NAME.pattern());
    }
    return name;
  }

  private static long parseCount(String name, String number) {
    try {
      return checkCount(name, Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a ledger: " + name + " is no number", e);
    }
  }

  private static long checkCount(String name, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("not a ledger: " + name + " is negative");
    }
    return count;
  }
}
