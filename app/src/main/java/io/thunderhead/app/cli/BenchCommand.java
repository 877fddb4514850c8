package io.thunderhead.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code thunderhead bench} where it can't run. In a clone the launcher starts the benchmarks
 * instead of this program; they are no part of the packaged one.
 */
@Command(
    name = "bench",
    description =
        "Measures a part (bench store, feed, flood, hostile, log, edge, enrich, restart); needs a"
            + " clone of the repository.")
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Unmatched private List<String> arguments = List.of();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "benchmarks are not in the packaged program; run ./thunderhead bench "
            + String.join(" ", arguments)
            + " from a clone of the repository");
  }
}
