package io.thunderhead.app.lifecycle;

import java.io.PrintStream;

/** What one command does, from start to exit code, with settings that are already checked. */
public interface Role {
  /**
   * Runs until the work is done or a stop is requested, and closes all it opened.
   *
   * @param stop set by SIGTERM, SIGINT or a test
   * @param out standard output: only what a script reads
   * @return an {@link ExitCode}
   * @throws RoleFailedException for a reason outside the program
   */
  int run(StopRequest stop, PrintStream out) throws Exception;
}
