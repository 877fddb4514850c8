package io.thunderhead.app.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a role has opened, closed in the reverse order of opening. A part that fails to close is
 * logged and does not keep the others open.
 *
 * <p>Used by the thread that runs the role only.
 */
public final class Resources implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

  private final Deque<Named> opened = new ArrayDeque<>();

  private record Named(String name, AutoCloseable resource) {}

  /** Remembers a part by the name that the log uses, and hands it back. */
  public <T extends AutoCloseable> T add(String name, T resource) {
    opened.push(new Named(name, resource));
    return resource;
  }

  @Override
  public void close() {
    for (Named next = opened.poll(); next != null; next = opened.poll()) {
      LOG.debug("Closing {}", next.name());
      try {
        next.resource().close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        LOG.warn("{} did not close cleanly", next.name(), e);
      }
    }
  }
}
