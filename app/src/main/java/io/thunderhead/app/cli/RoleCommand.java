package io.thunderhead.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.thunderhead.app.lifecycle.Role;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * A command that runs a {@link Role}. Flags become the role's settings first, and what is wrong
 * with them is wrong usage; what fails later is a failure.
 */
abstract class RoleCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();
  @ParentCommand private ThunderheadCommand parent = ThunderheadCommand.NONE;
  @Mixin private CommonFlags common = new CommonFlags();

  /**
   * The role with its settings.
   *
   * @throws IllegalArgumentException if a value is not allowed, naming setting and limit
   */
  abstract Role role();

  @Override
  public final Integer call() throws Exception {
    Role role;
    try {
      role = role();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      logback.getLogger("io.thunderhead").setLevel(Level.valueOf(common.logLevel.name()));
    }
    LOG.info("{} with {}", spec.name(), EffectiveSettings.of(spec, parent.source()));
    return role.run(parent.stop(), parent.out());
  }
}
