package io.thunderhead.app.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the version in the jar's manifest, and the JVM under it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "Thunderhead " + Objects.requireNonNullElse(version, "(from a build directory)"),
      "JVM " + Runtime.version()
    };
  }
}
