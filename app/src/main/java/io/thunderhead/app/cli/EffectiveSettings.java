package io.thunderhead.app.cli;

import io.thunderhead.app.config.SettingsSource;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings that a command runs with, as one line of its log: what differs says from where. */
final class EffectiveSettings {
  private EffectiveSettings() {}

  static String of(CommandSpec command, SettingsSource source) {
    return command.options().stream()
        .filter(option -> !option.usageHelp() && option.getValue() != null)
        .map(option -> describe(command, option, source))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** {@code grpc-port}. */
  static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^--", "");
  }

  private static String describe(CommandSpec command, OptionSpec option, SettingsSource source) {
    String name = name(option);
    Object value = Objects.requireNonNull(option.<Object>getValue());
    String text =
        isSecret(name)
            ? "***"
            : value instanceof Collection<?> many && many.size() > 20
                ? many.size() + " values"
                : Flags.text(value);
    String origin = origin(command, option, source);
    return name + "=" + text + (origin == null ? "" : " (" + origin + ")");
  }

  private static @Nullable String origin(
      CommandSpec command, OptionSpec option, SettingsSource source) {
    if (command.commandLine().getParseResult().hasMatchedOption(option)) {
      return "flag";
    }
    return source.origin(name(option));
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password") || lower.contains("secret") || lower.contains("token");
  }
}
