package io.thunderhead.benchmarks;

import io.thunderhead.app.config.SettingsSource;
import io.thunderhead.benchmarks.feed.FeedBench;
import io.thunderhead.benchmarks.feed.FloodBench;
import io.thunderhead.benchmarks.feed.HostileBench;
import io.thunderhead.benchmarks.log.LogBench;
import io.thunderhead.benchmarks.pipeline.EdgeBench;
import io.thunderhead.benchmarks.pipeline.EnrichBench;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.ChartCommand;
import io.thunderhead.benchmarks.restart.RestartBench;
import io.thunderhead.benchmarks.store.StoreBench;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code thunderhead bench}: measures a part beside a named peer, on this machine, in one run. */
@Command(
    name = "thunderhead bench",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Measures a part of Thunderhead beside a named peer, on this machine and in one run.",
      "Standard output has the figures, standard error the progress; docs/benchmarks says what they"
          + " mean.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Flags are also environment variables (THUNDERHEAD_QUICK); JVM options go into"
          + " THUNDERHEAD_JAVA_OPTS.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    },
    subcommands = {
      StoreBench.class,
      FeedBench.class,
      FloodBench.class,
      HostileBench.class,
      EdgeBench.class,
      EnrichBench.class,
      LogBench.class,
      RestartBench.class,
      ChartCommand.class
    })
public final class Bench {
  @Option(
      names = {"-h", "--help"},
      scope = CommandLine.ScopeType.INHERIT,
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  private Bench() {}

  public static void main(String[] args) {
    int code = commandLine(System.getenv()).execute(args);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }

  static CommandLine commandLine(Map<String, String> environment) {
    SettingsSource source = SettingsSource.of(environment);
    CommandLine root = new CommandLine(new Bench());
    root.setDefaultValueProvider(arg ->
        arg instanceof OptionSpec option && !option.usageHelp()
            ? source.value(option.longestName().substring(2))
            : null);
    root.setUsageHelpWidth(100);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    for (CommandLine command : root.getSubcommands().values()) {
      command.getCommandSpec().usageMessage().showDefaultValues(true);
    }
    root.setParameterExceptionHandler((e, args) -> {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      System.err.println(command + ": " + e.getMessage() + " (see " + command + " --help)");
      return 2;
    });
    root.setExecutionExceptionHandler((e, command, parsed) -> {
      if (e instanceof BenchFailedException) {
        System.err.println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
      } else {
        e.printStackTrace();
      }
      return 1;
    });
    root.setExecutionStrategy(parsed -> {
      if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested()) {
        System.err.println("thunderhead bench: say what to measure; --help lists it");
        return 2;
      }
      return new CommandLine.RunLast().execute(parsed);
    });
    return root;
  }
}
