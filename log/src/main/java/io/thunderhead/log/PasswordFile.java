package io.thunderhead.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;

/**
 * Tells Kafka's clients a password out of a file whenever they connect, so that it stands in no
 * setting that could be printed, and a changed file counts from the next connection on. A file that
 * can't be read just then leaves the password as it was. Made by Kafka, by name.
 */
public final class PasswordFile implements AuthenticateCallbackHandler {
  static final String USER = "user";
  static final String FILE = "passwordFile";

  private static final int MAX_BYTES = 1024;

  private String user = "";
  private Path file = Path.of("");
  private String password = "";

  /**
   * The password in a file.
   *
   * @throws IllegalArgumentException if there is none in its first line, naming the file only
   */
  public static String read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("%s is larger than %d bytes".formatted(file, MAX_BYTES));
      }
      String password = Files.readString(file).lines().findFirst().orElse("");
      if (password.isBlank()) {
        throw new IllegalArgumentException("the first line of " + file + " must be a password");
      }
      return password;
    } catch (IOException e) {
      // The kind of failure says it all; the message of a charset's would be of no use.
      throw new IllegalArgumentException(
          "%s can't be read: %s".formatted(file, e.getClass().getSimpleName()), e);
    }
  }

  @Override
  public void configure(
      Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> entries) {
    Map<String, ?> options = entries.getFirst().getOptions();
    user = String.valueOf(options.get(USER));
    file = Path.of(String.valueOf(options.get(FILE)));
    password = read(file);
  }

  @Override
  public synchronized void handle(Callback[] callbacks) {
    for (Callback callback : callbacks) {
      switch (callback) {
        case NameCallback name -> name.setName(user);
        case PasswordCallback secret -> secret.setPassword(newest().toCharArray());
        default -> {} // Extensions of SCRAM, of which there are none.
      }
    }
  }

  @Override
  public void close() {}

  private String newest() {
    try {
      password = read(file);
    } catch (IllegalArgumentException e) {
      // Being replaced, as likely as not; if it is gone for good, the next start says so.
    }
    return password;
  }
}
