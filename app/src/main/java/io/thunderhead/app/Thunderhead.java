package io.thunderhead.app;

import io.thunderhead.app.cli.CommandLineRun;
import io.thunderhead.app.lifecycle.Drain;
import io.thunderhead.app.lifecycle.Signals;
import io.thunderhead.app.lifecycle.StopRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The entry point. Threads of libraries that outlive the work don't keep the process. */
public final class Thunderhead {
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);

  /** Who started this process, if it shall not outlive that one: {@code spike} sets it. */
  private static final String STARTER = "THUNDERHEAD_STOP_WITH_PID";

  private Thunderhead() {}

  public static void main(String[] args) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    StopRequest stop = new StopRequest();
    Signals.install(() -> {
      stop.request();
      Drain.arm(DRAIN_LIMIT);
    });
    stopWithStarter(System.getenv(STARTER), stop);
    int code = new CommandLineRun(System.getenv(), stop, System.out, System.err).execute(args);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  /** Stops in order when another process ends, however that ends; at once if it has already. */
  private static void stopWithStarter(@Nullable String pid, StopRequest stop) {
    if (pid == null) {
      return;
    }
    Runnable stopping =
        () -> {
          stop.request();
          Drain.arm(DRAIN_LIMIT);
        };
    Optional<ProcessHandle> starter = ProcessHandle.of(Long.parseLong(pid));
    if (starter.isPresent()) {
      var _ = starter.get().onExit().thenRun(stopping);
    } else {
      stopping.run();
    }
  }
}
