package io.thunderhead.access;

import io.grpc.util.AdvancedTlsX509KeyManager;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A certificate with its key, to be shown in handshakes; a reload counts from the next one on. */
final class Identity implements Reloadable {
  private final String setting;
  private final String keySetting;
  private final Path certificate;
  private final Path key;
  private final InstantSource clock;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private volatile Instant expires = Instant.MAX;

  /** Reads and checks both files; the settings are what messages call them. */
  Identity(String setting, Path certificate, String keySetting, Path key, InstantSource clock) {
    this.setting = setting;
    this.keySetting = keySetting;
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    reload();
  }

  X509ExtendedKeyManager keys() {
    return keys;
  }

  Instant expires() {
    return expires;
  }

  /** Why nobody can be expected to believe it any more; null while all is well. */
  @Nullable String problem() {
    Instant until = expires;
    return clock.instant().isAfter(until)
        ? "%s: the certificate in %s expired at %s".formatted(setting, certificate, until)
        : null;
  }

  @Override
  public List<Path> files() {
    return List.of(certificate, key);
  }

  @Override
  public void reload() {
    X509Certificate[] chain = Pem.certificates(setting, certificate, clock);
    PrivateKey secret = Pem.key(keySetting, key);
    if (!Pem.belongTogether(secret, chain[0].getPublicKey())) {
      throw new IllegalArgumentException(
          "%s: the key in %s is not that of the certificate in %s"
              .formatted(keySetting, key, certificate));
    }
    keys.updateIdentityCredentials(chain, secret);
    expires = chain[0].getNotAfter().toInstant();
  }
}
