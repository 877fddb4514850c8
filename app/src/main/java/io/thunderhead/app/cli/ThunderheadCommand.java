package io.thunderhead.app.cli;

import io.thunderhead.app.config.SettingsSource;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The root of the command line, and what its commands share. It does nothing without one. */
@Command(
    name = "thunderhead",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Recent posts by the accounts that a user follows: from a firehose, through Kafka, out over"
          + " gRPC.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Every flag of a command is also an environment variable (THUNDERHEAD_GRPC_PORT) and a key in"
          + " the file of --config (grpc-port=9090): flag over environment over file. JVM options"
          + " go into THUNDERHEAD_JAVA_OPTS.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    },
    subcommands = {
      DemoCommand.class,
      BrokerCommand.class,
      GenerateCommand.class,
      ReplayFileCommand.class,
      EdgeCommand.class,
      DistributeCommand.class,
      WorkCommand.class,
      TransformCommand.class,
      ServeCommand.class,
      QueryCommand.class,
      AuditCommand.class,
      DeadLettersCommand.class,
      SpikeCommand.class,
      BenchCommand.class
    })
final class ThunderheadCommand {
  /** Stands in until picocli has set the real one. */
  static final ThunderheadCommand NONE =
      new ThunderheadCommand(
          SettingsSource.of(Map.of()),
          new StopRequest(),
          new PrintStream(OutputStream.nullOutputStream(), false));

  private final SettingsSource source;
  private final StopRequest stop;
  private final PrintStream out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version and ends.")
  boolean version;

  ThunderheadCommand(SettingsSource source, StopRequest stop, PrintStream out) {
    this.source = source;
    this.stop = stop;
    this.out = out;
  }

  SettingsSource source() {
    return source;
  }

  StopRequest stop() {
    return stop;
  }

  PrintStream out() {
    return out;
  }
}
