package io.thunderhead.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers our clients believe, and how they show who they are. It holds names of files only:
 * what is secret in them is read when a client is made, a password each time that it is asked for.
 *
 * @param encrypted whether connections are; nothing else may be given without it
 * @param ca PEM, those who vouch for brokers; null: those whom the JVM believes
 * @param identity the certificate shown to brokers that want one; null: none
 * @param login the name and password shown to brokers; null: none
 */
public record BrokerAccess(
    boolean encrypted, @Nullable Path ca, @Nullable Identity identity, @Nullable Login login) {

  /** What {@link #settings} may give, and so nobody else may. */
  static final Set<String> SETTINGS =
      Set.of(
          "security.protocol",
          SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG,
          SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
          SslConfigs.SSL_KEYSTORE_TYPE_CONFIG,
          SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
          SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
          SaslConfigs.SASL_MECHANISM,
          SaslConfigs.SASL_JAAS_CONFIG,
          SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS);

  private static final String PEM = "PEM";

  /** A certificate and its key, both PEM. */
  public record Identity(Path certificate, Path key) {}

  /** A name, and the file whose first line is its password. */
  public record Login(Mechanism mechanism, String user, Path passwordFile) {
    private static final int MAX_USER_CHARS = 256;

    public Login {
      if (user.isBlank()
          || user.length() > MAX_USER_CHARS
          || user.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "a user's name has 1 to " + MAX_USER_CHARS + " characters and no control characters");
      }
    }

    private String jaas() {
      return "%s required %s=\"%s\" %s=\"%s\";"
          .formatted(
              mechanism.loginModule,
              PasswordFile.USER,
              escaped(user),
              PasswordFile.FILE,
              escaped(passwordFile.toString()));
    }

    private static String escaped(String text) {
      return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
  }

  /** How a password is shown. PLAIN gives it away to the broker, SCRAM proves that it is known. */
  public enum Mechanism {
    PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    private final String kafkaName;
    private final String loginModule;

    Mechanism(String kafkaName, String loginModule) {
      this.kafkaName = kafkaName;
      this.loginModule = loginModule;
    }

    @Override
    public String toString() {
      return kafkaName;
    }
  }

  public BrokerAccess {
    if (!encrypted && (ca != null || identity != null || login != null)) {
      throw new IllegalArgumentException(
          "certificates and passwords are for encrypted connections");
    }
  }

  /** Neither encrypted nor known. */
  public static BrokerAccess open() {
    return new BrokerAccess(false, null, null, null);
  }

  /** Kafka's names for all of this, secrets of the certificate included; for a client at once. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    if (!encrypted) {
      return settings;
    }
    settings.put("security.protocol", login == null ? "SSL" : "SASL_SSL");
    if (ca != null) {
      settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
      settings.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, ca.toString());
    }
    if (identity != null) {
      settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
      settings.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, text(identity.certificate()));
      settings.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, text(identity.key()));
    }
    if (login != null) {
      settings.put(SaslConfigs.SASL_MECHANISM, login.mechanism().kafkaName);
      settings.put(SaslConfigs.SASL_JAAS_CONFIG, login.jaas());
      settings.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, PasswordFile.class.getName());
    }
    return settings;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new LogUnavailableException(file + " can't be read: " + e.getMessage(), e);
    }
  }
}
