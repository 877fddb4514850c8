package io.thunderhead.app.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit on an orderly stop. Once armed, a process that has not ended in time is ended with
 * {@link ExitCode#FAILED}, for a supervisor that sends SIGKILL next would lose the log line.
 */
public final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private Drain() {}

  /** Starts the clock on a daemon thread; call it when the stop begins. */
  public static void arm(Duration limit) {
    Thread.ofPlatform()
        .daemon()
        .name("drain-limit")
        .start(() -> {
          try {
            Thread.sleep(limit);
            LOG.error("Not stopped within {} s, ending the process", limit.toSeconds());
            Runtime.getRuntime().halt(ExitCode.FAILED);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
