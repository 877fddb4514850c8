package io.thunderhead.app.recording;

import io.thunderhead.app.config.ReplayFileConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.PrintStream;

/** Stub. */
public final class ReplayFileRole implements Role {
  public ReplayFileRole(ReplayFileConfig config) {}

  @Override
  public int run(StopRequest stop, PrintStream out) {
    return 1;
  }
}
