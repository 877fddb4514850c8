package io.thunderhead.app.generate;

import io.thunderhead.app.config.GenerateConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.PrintStream;

/** Stub. */
public final class GenerateRole implements Role {
  public GenerateRole(GenerateConfig config) {}

  @Override
  public int run(StopRequest stop, PrintStream out) {
    return 1;
  }
}
