package io.thunderhead.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.thunderhead.app.lifecycle.Role;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * A command that runs a {@link Role}. Flags become the role's settings first, and what is wrong
 * with them is wrong usage; what fails later is a failure.
 */
abstract class RoleCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

  private static final Pattern SETTING = Pattern.compile("^[a-z][A-Za-z]*");

  @Spec private CommandSpec spec = CommandSpec.create();
  @ParentCommand private ThunderheadCommand parent = ThunderheadCommand.NONE;
  @Mixin private CommonFlags common = new CommonFlags();

  /**
   * The role with its settings.
   *
   * @throws IllegalArgumentException if a value is not allowed, naming setting and limit
   */
  abstract Role role();

  /** At what level the settings are logged; a command that answers at once has no use for them. */
  org.slf4j.event.Level settingsLevel() {
    return org.slf4j.event.Level.INFO;
  }

  @Override
  public final Integer call() throws Exception {
    Role role;
    try {
      role = role();
    } catch (IllegalArgumentException e) {
      String message = inFlags(String.valueOf(e.getMessage()));
      throw new ParameterException(spec.commandLine(), message, e);
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      logback.getLogger("io.thunderhead").setLevel(Level.valueOf(common.logLevel.name()));
    }
    LOG.atLevel(settingsLevel())
        .log("{} with {}", spec.name(), EffectiveSettings.of(spec, parent.source()));
    return role.run(parent.stop(), parent.out());
  }

  /** The rooms name a wrong setting as their records do; the user knows the flag. */
  private String inFlags(String message) {
    return SETTING
        .matcher(message)
        .replaceFirst(match -> {
          String words = match.group().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
          return spec.options().stream()
              .map(OptionSpec::longestName)
              .filter(flag -> flag.equals("--" + words) || flag.endsWith("-" + words))
              .min(Comparator.comparingInt(String::length))
              .orElse(match.group());
        });
  }
}
