package io.thunderhead.app.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Holds back single warnings of libraries, named in logback.xml by logger and words: those that a
 * normal start, rebalance or stop causes, and repetitions of those that a person needs to see once.
 * The words are the line's, or those of what was thrown, where a line alone says too little.
 * Everything unnamed passes, our own lines always.
 *
 * <p>Called by whichever thread logs.
 */
public final class LibraryNoise extends Filter<ILoggingEvent> {
  private static final long REPEAT_AFTER_MS = 30_000;

  private final List<Rule> normal = new CopyOnWriteArrayList<>();
  private final List<Rule> repeated = new CopyOnWriteArrayList<>();
  private final Map<Rule, Long> lastPassedMs = new ConcurrentHashMap<>();

  private record Rule(String logger, String words) {
    static Rule of(String text) {
      int bar = text.indexOf('|');
      if (bar < 1) {
        throw new IllegalArgumentException("expected LOGGER|WORDS: " + text);
      }
      return new Rule(text.substring(0, bar).strip(), text.substring(bar + 1).strip());
    }

    boolean matches(ILoggingEvent event) {
      return event.getLoggerName().endsWith(logger)
          && (event.getFormattedMessage().contains(words)
              || wasThrown(event.getThrowableProxy(), words));
    }

    private static boolean wasThrown(@Nullable IThrowableProxy thrown, String words) {
      for (IThrowableProxy one = thrown; one != null; one = one.getCause()) {
        if (one.getMessage() != null && one.getMessage().contains(words)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Called by logback for each {@code <normal>LOGGER|WORDS</normal>}: never shown. */
  public void addNormal(String rule) {
    normal.add(Rule.of(rule));
  }

  /** Called by logback for each {@code <repeated>LOGGER|WORDS</repeated>}: once in a while. */
  public void addRepeated(String rule) {
    repeated.add(Rule.of(rule));
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLoggerName().startsWith("io.thunderhead.")) {
      return FilterReply.NEUTRAL;
    }
    for (Rule rule : normal) {
      if (rule.matches(event)) {
        return FilterReply.DENY;
      }
    }
    for (Rule rule : repeated) {
      if (rule.matches(event)) {
        return isDue(rule, event.getTimeStamp()) ? FilterReply.NEUTRAL : FilterReply.DENY;
      }
    }
    return FilterReply.NEUTRAL;
  }

  private boolean isDue(Rule rule, long nowMs) {
    boolean[] due = new boolean[1];
    lastPassedMs.compute(
        rule,
        (r, last) -> {
          due[0] = last == null || nowMs - last >= REPEAT_AFTER_MS;
          return due[0] || last == null ? Long.valueOf(nowMs) : last;
        });
    return due[0];
  }
}
