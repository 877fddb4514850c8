package io.thunderhead.pipeline.transform;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What clients and our own classes log at WARN and above while this is open; not the broker. */
final class CapturedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  @SuppressWarnings("this-escape") // Nothing is logged through it before the constructor ends.
  CapturedLogs() {
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
  }

  /** The messages so far. */
  List<String> warnings() {
    return events.stream().map(e -> e.getLoggerName() + ": " + e.getFormattedMessage()).toList();
  }

  @Override
  protected void append(ILoggingEvent event) {
    String logger = event.getLoggerName();
    boolean ofAClient =
        logger.startsWith("org.apache.kafka.clients")
            || logger.startsWith("org.apache.kafka.common")
            || logger.startsWith("io.thunderhead");
    if (event.getLevel().isGreaterOrEqual(Level.WARN) && ofAClient) {
      events.add(event);
    }
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
