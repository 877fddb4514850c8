package io.thunderhead.app.cli;

import io.thunderhead.app.config.SettingsSource;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * One run of the command line, from arguments to exit code. Wrong usage is one line on standard
 * error and exit code 2, a failure outside the program one line and 1; only a defect of ours shows
 * a stack trace.
 */
public final class CommandLineRun {
  private final Map<String, String> environment;
  private final StopRequest stop;
  private final PrintStream out;
  private final PrintStream err;

  public CommandLineRun(
      Map<String, String> environment, StopRequest stop, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.stop = stop;
    this.out = out;
    this.err = err;
  }

  /** Returns an {@link ExitCode}; does not end the process. */
  public int execute(String... args) {
    SettingsSource source;
    try {
      source = source(args);
    } catch (IllegalArgumentException e) {
      err.println("thunderhead: " + e.getMessage());
      return ExitCode.WRONG_USAGE;
    }
    return commandLine(source).execute(args);
  }

  CommandLine commandLine(SettingsSource source) {
    CommandLine commandLine = new CommandLine(new ThunderheadCommand(source, stop, out));
    Flags.complete(commandLine);
    commandLine.setDefaultValueProvider(
        arg -> arg instanceof OptionSpec option ? value(option, source) : null);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpWidth(100);
    commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commandLine.setParameterExceptionHandler((e, args) -> wrongUsage(e));
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    commandLine.setExecutionStrategy(parsed -> run(parsed, source));
    return commandLine;
  }

  private static @Nullable String value(OptionSpec option, SettingsSource source) {
    return option.usageHelp() || option.versionHelp()
        ? null
        : source.value(EffectiveSettings.name(option));
  }

  private int run(ParseResult parsed, SettingsSource source) {
    if (!parsed.hasSubcommand()
        && !parsed.isUsageHelpRequested()
        && !parsed.isVersionHelpRequested()) {
      err.println("thunderhead: no command given; thunderhead --help lists them");
      return ExitCode.WRONG_USAGE;
    }
    if (parsed.hasSubcommand()) {
      CommandSpec command = parsed.subcommand().commandSpec();
      try {
        source.checkKeys(command.name(), settings(command));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static Set<String> settings(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.usageHelp())
        .map(EffectiveSettings::name)
        .filter(name -> !name.equals("config"))
        .collect(Collectors.toSet());
  }

  private int wrongUsage(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).lines().collect(Collectors.joining(" "));
    err.println("%s: %s (see %s --help)".formatted(command, message, command));
    return ExitCode.WRONG_USAGE;
  }

  private int failed(Exception e, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof RoleFailedException) {
      err.println(name + ": " + e.getMessage());
      LoggerFactory.getLogger(CommandLineRun.class).debug("The cause", e);
    } else {
      LoggerFactory.getLogger(CommandLineRun.class).error("{} failed", name, e);
    }
    return ExitCode.FAILED;
  }

  /** The file must be known before parsing, because it gives defaults to what is parsed. */
  private SettingsSource source(String... args) {
    String file = environment.get(SettingsSource.environmentName("config"));
    List<String> all = List.of(args);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).equals("--config") && i + 1 < all.size()) {
        file = all.get(i + 1);
      } else if (all.get(i).startsWith("--config=")) {
        file = all.get(i).substring("--config=".length());
      }
    }
    return file == null
        ? SettingsSource.of(environment)
        : SettingsSource.of(environment, Path.of(file));
  }
}
