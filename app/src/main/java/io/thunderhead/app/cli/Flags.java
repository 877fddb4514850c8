package io.thunderhead.app.cli;

import io.thunderhead.app.config.SettingsSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completes the help of every flag with its default and its variable, so that none can lack it. */
final class Flags {
  private Flags() {}

  static void complete(CommandLine root) {
    for (CommandLine command : root.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      for (OptionSpec option : List.copyOf(spec.options())) {
        if (!option.usageHelp()) {
          spec.remove(option);
          spec.addOption(OptionSpec.builder(option).description(described(option)).build());
        }
      }
    }
  }

  private static String[] described(OptionSpec option) {
    List<String> lines = new ArrayList<>(Arrays.asList(option.description()));
    String variable = SettingsSource.environmentName(EffectiveSettings.name(option));
    String initial = defaultOf(option);
    lines.add(
        initial.isEmpty() ? "[%s]".formatted(variable) : "[%s; %s]".formatted(initial, variable));
    return lines.toArray(String[]::new);
  }

  /** The default as the user would write it; empty if there is none. */
  static String defaultOf(OptionSpec option) {
    Object initial = option.initialValue();
    if (initial == null || (initial instanceof List<?> list && list.isEmpty())) {
      return "";
    }
    return text(initial);
  }

  /** A value as the user would write it. */
  static String text(Object value) {
    return value instanceof Enum<?> constant && constant.name().equals(constant.toString())
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : value.toString();
  }
}
