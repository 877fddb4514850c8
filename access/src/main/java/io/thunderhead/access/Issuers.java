package io.thunderhead.access;

import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/** Those whose certificates are believed; a reload counts from the next handshake on. */
final class Issuers implements Reloadable {
  private final String setting;
  private final Path file;
  private final InstantSource clock;
  private final AdvancedTlsX509TrustManager trust;

  private Issuers(
      String setting, Path file, InstantSource clock, AdvancedTlsX509TrustManager trust) {
    this.setting = setting;
    this.file = file;
    this.clock = clock;
    this.trust = trust;
    reload();
  }

  /** Those who vouch for callers, who have no name that could be compared. */
  static Issuers ofCallers(String setting, Path file, InstantSource clock) {
    return of(setting, file, clock, Verification.CERTIFICATE_ONLY_VERIFICATION);
  }

  /** Those who vouch for servers, whose certificate must be for the name that was called. */
  static Issuers ofServers(String setting, Path file, InstantSource clock) {
    return of(setting, file, clock, Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION);
  }

  private static Issuers of(
      String setting, Path file, InstantSource clock, Verification verification) {
    try {
      return new Issuers(
          setting,
          file,
          clock,
          AdvancedTlsX509TrustManager.newBuilder().setVerification(verification).build());
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  X509ExtendedTrustManager trust() {
    return trust;
  }

  @Override
  public List<Path> files() {
    return List.of(file);
  }

  @Override
  public void reload() {
    try {
      trust.updateTrustCredentials(Pem.certificates(setting, file, clock));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "%s: the certificates in %s can't be used: %s".formatted(setting, file, e.getMessage()),
          e);
    }
  }
}
