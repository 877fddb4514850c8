package io.thunderhead.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What Kafka's clients and our own classes log from INFO on while this is open: how much, and what
 * of it our shipped settings would show that warns or has a stack trace. Nothing of it is printed.
 */
public final class ClientLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int MOST_PROBLEMS = 50;
  private static final int PLACES = 6;
  private static final Path SHIPPED =
      Path.of("..", "app", "src", "main", "resources", "logback.xml");
  private static final Pattern NORMAL = Pattern.compile("<normal>(.+?)\\|(.+?)</normal>");

  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final List<Logger> loggers =
      Stream.of("org.apache.kafka.clients", "org.apache.kafka.common", "io.thunderhead")
          .map(name -> (Logger) LoggerFactory.getLogger(name))
          .toList();

  /** The lines of libraries that the shipped settings hold back: end of a logger's name, words. */
  private final List<Map.Entry<String, String>> normal;

  @SuppressWarnings("this-escape") // Nothing is logged through it before the constructor ends.
  public ClientLines() throws IOException {
    normal =
        NORMAL
            .matcher(Files.readString(SHIPPED))
            .results()
            .map(rule -> Map.entry(rule.group(1), rule.group(2)))
            .toList();
    setContext(loggers.getFirst().getLoggerContext());
    start();
    for (Logger logger : loggers) {
      logger.setLevel(Level.INFO);
      logger.setAdditive(false);
      logger.addAppender(this);
    }
  }

  /** Lines at WARN and above that are not held back, and lines of ours with a stack trace. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** How many lines each logger had. */
  public Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }

  @Override
  protected void append(ILoggingEvent event) {
    counts.merge(event.getLoggerName(), 1, Integer::sum);
    if (isProblem(event) && problems.size() < MOST_PROBLEMS) {
      problems.add(
          event.getLevel()
              + " "
              + event.getLoggerName()
              + ": "
              + event.getFormattedMessage()
              + causes(event.getThrowableProxy()));
    }
  }

  /** The exceptions of a line, each with the places next to where it was thrown. */
  private static String causes(@Nullable IThrowableProxy thrown) {
    if (thrown == null) {
      return "";
    }
    String places =
        Stream.of(thrown.getStackTraceElementProxyArray())
            .limit(PLACES)
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return "; %s: %s (%s)%s"
        .formatted(thrown.getClassName(), thrown.getMessage(), places, causes(thrown.getCause()));
  }

  private boolean isProblem(ILoggingEvent event) {
    boolean warns = event.getLevel().isGreaterOrEqual(Level.WARN);
    if (event.getLoggerName().startsWith("io.thunderhead")) {
      return warns || event.getThrowableProxy() != null;
    }
    String said = event.getFormattedMessage() + causes(event.getThrowableProxy());
    return warns
        && normal.stream()
            .noneMatch(rule ->
                event.getLoggerName().endsWith(rule.getKey()) && said.contains(rule.getValue()));
  }

  @Override
  public void close() {
    for (Logger logger : loggers) {
      logger.detachAppender(this);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
    stop();
  }
}
