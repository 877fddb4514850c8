package io.thunderhead.app;

import io.thunderhead.app.cli.CommandLineRun;
import io.thunderhead.app.lifecycle.Drain;
import io.thunderhead.app.lifecycle.Signals;
import io.thunderhead.app.lifecycle.StopRequest;
import java.time.Duration;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The entry point. Threads of libraries that outlive the work don't keep the process. */
public final class Thunderhead {
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);

  private Thunderhead() {}

  public static void main(String[] args) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    StopRequest stop = new StopRequest();
    Signals.install(() -> {
      stop.request();
      Drain.arm(DRAIN_LIMIT);
    });
    int code = new CommandLineRun(System.getenv(), stop, System.out, System.err).execute(args);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }
}
