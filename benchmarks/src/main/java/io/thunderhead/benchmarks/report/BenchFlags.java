package io.thunderhead.benchmarks.report;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every benchmark can be told; a mixin of its command. */
public final class BenchFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--quick",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "A smaller run of about a minute; trust its ratios less.")
  private boolean quick;

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Prints one JSON object per measured row.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also writes rows, machine, JVM and command to this file, as JSON.")
  private @Nullable Path file;

  public boolean quick() {
    return quick;
  }

  /** A report to standard output and error. */
  public Report report() {
    return new Report(System.out, new PrintStream(System.err, true), json);
  }

  /** Ends a report. */
  public void finish(Report report) {
    if (file != null) {
      List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
      report.write(file, "./thunderhead bench " + String.join(" ", arguments));
    }
  }
}
