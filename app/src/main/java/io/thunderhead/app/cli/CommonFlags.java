package io.thunderhead.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonFlags {
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Java properties file with settings, one per flag without its dashes.")
  @Nullable Path config;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "Least level of our own log lines: ${COMPLETION-CANDIDATES}.")
  LogLevel logLevel = LogLevel.INFO;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;
}
