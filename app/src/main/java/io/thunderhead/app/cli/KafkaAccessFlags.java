package io.thunderhead.app.cli;

import io.thunderhead.access.ClientTls;
import io.thunderhead.log.BrokerAccess;
import io.thunderhead.log.BrokerAccess.Identity;
import io.thunderhead.log.BrokerAccess.Login;
import io.thunderhead.log.BrokerAccess.Mechanism;
import io.thunderhead.log.PasswordFile;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Kafka brokers a role believes, and how it shows them who it is. */
final class KafkaAccessFlags {
  private static final String CA = "kafka-ca";
  private static final String CERTIFICATE = "kafka-certificate";
  private static final String KEY = "kafka-key";
  private static final String PASSWORD_FILE = "kafka-password-file";

  private static final InstantSource CLOCK = InstantSource.system();

  @Option(
      names = "--" + CA,
      paramLabel = "FILE",
      description =
          "Encrypts, and believes only brokers with a certificate of one of these, PEM; system:"
              + " those that the JVM believes.")
  @Nullable String ca;

  @Option(
      names = "--" + CERTIFICATE,
      paramLabel = "FILE",
      description = "Certificate to show to brokers that want one, PEM.")
  @Nullable Path certificate;

  @Option(
      names = "--" + KEY,
      paramLabel = "FILE",
      description = "Private key of that certificate, PEM (PKCS #8).")
  @Nullable Path key;

  @Option(
      names = "--kafka-sasl",
      paramLabel = "MECHANISM",
      description = "How brokers are shown a password: ${COMPLETION-CANDIDATES}.")
  @Nullable Mechanism sasl;

  @Option(
      names = "--kafka-user",
      paramLabel = "NAME",
      description = "Name that the password belongs to.")
  @Nullable String user;

  @Option(
      names = "--" + PASSWORD_FILE,
      paramLabel = "FILE",
      description = "File whose first line is the password; read again for each new connection.")
  @Nullable Path passwordFile;

  BrokerAccess access() {
    Path shown = certificate;
    Path secret = key;
    if ((shown == null) != (secret == null)) {
      throw new IllegalArgumentException(
          "--kafka-certificate and --kafka-key must be given together");
    }
    Login login = login();
    if (ca == null) {
      if (shown != null || login != null) {
        throw new IllegalArgumentException(
            "--kafka-certificate and --kafka-sasl need --kafka-ca: passwords and certificates go"
                + " over encrypted connections only");
      }
      return BrokerAccess.open();
    }
    Path issuers = ca.equals(ClientAccessFlags.SYSTEM) ? null : Path.of(ca);
    // For its messages: Kafka's own say neither which flag nor what is wrong with the file.
    ClientTls.check("--" + CA, issuers, "--" + CERTIFICATE, shown, "--" + KEY, secret, CLOCK);
    return new BrokerAccess(
        true, issuers, shown == null || secret == null ? null : new Identity(shown, secret), login);
  }

  private @Nullable Login login() {
    Mechanism mechanism = sasl;
    String name = user;
    Path password = passwordFile;
    if (mechanism == null) {
      if (name != null || password != null) {
        throw new IllegalArgumentException(
            "--kafka-user and --kafka-password-file need --kafka-sasl");
      }
      return null;
    }
    if (name == null || password == null) {
      throw new IllegalArgumentException(
          "--kafka-sasl needs --kafka-user and --kafka-password-file");
    }
    try {
      PasswordFile.read(password);
      return new Login(mechanism, name, password);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--kafka-user, --kafka-password-file: " + e.getMessage(), e);
    }
  }
}
