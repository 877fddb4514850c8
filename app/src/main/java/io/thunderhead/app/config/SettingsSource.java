package io.thunderhead.app.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values for settings that no flag gives: the environment first, then the file of {@code --config}.
 * A key of the file that no setting has is an error, for it is most often a misspelt one; an
 * unknown variable of the environment is not, for roles share it.
 */
public final class SettingsSource {
  private static final String ENVIRONMENT_PREFIX = "THUNDERHEAD_";

  private final Map<String, String> environment;
  private final Map<String, String> file;
  private final String fileName;

  private SettingsSource(
      Map<String, String> environment, Map<String, String> file, String fileName) {
    this.environment = environment;
    this.file = file;
    this.fileName = fileName;
  }

  public static SettingsSource of(Map<String, String> environment) {
    return new SettingsSource(environment, Map.of(), "");
  }

  /**
   * With a file of settings behind the environment.
   *
   * @throws IllegalArgumentException if the file can't be read, naming it
   */
  public static SettingsSource of(Map<String, String> environment, Path file) {
    return new SettingsSource(environment, properties("config", file), file.toString());
  }

  /** The entries of a Java properties file that a setting names. */
  public static Map<String, String> properties(String setting, Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("--" + setting + ": no such file: " + file, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--%s: cannot read %s: %s".formatted(setting, file, e.getMessage()), e);
    }
    Map<String, String> entries = new TreeMap<>();
    properties.forEach((key, value) -> entries.put((String) key, ((String) value).strip()));
    return entries;
  }

  /** {@code grpc-port} → {@code THUNDERHEAD_GRPC_PORT}. */
  public static String environmentName(String setting) {
    return ENVIRONMENT_PREFIX + setting.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  public @Nullable String value(String setting) {
    String fromEnvironment = environment.get(environmentName(setting));
    return fromEnvironment != null ? fromEnvironment : file.get(setting);
  }

  /** Where {@link #value} finds a setting: the variable or the file; null if nowhere. */
  public @Nullable String origin(String setting) {
    if (environment.containsKey(environmentName(setting))) {
      return environmentName(setting);
    }
    return file.containsKey(setting) ? fileName : null;
  }

  /**
   * Finds misspelt keys.
   *
   * @throws IllegalArgumentException if the file has a key that is not among the settings
   */
  public void checkKeys(String command, Set<String> settings) {
    Set<String> unknown = new TreeSet<>(file.keySet());
    unknown.removeAll(settings);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s has no setting '%s'".formatted(fileName, command, String.join("', '", unknown)));
    }
  }
}
