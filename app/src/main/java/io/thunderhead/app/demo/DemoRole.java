package io.thunderhead.app.demo;

import io.thunderhead.app.config.DemoConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.PrintStream;

/** Stub. */
public final class DemoRole implements Role {
  public DemoRole(DemoConfig config) {}

  @Override
  public int run(StopRequest stop, PrintStream out) {
    return 1;
  }
}
