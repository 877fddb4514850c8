package io.thunderhead.access;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** An authority that lives as long as a test, and what it signs, as files. */
final class Certificates {
  private final Path dir;
  private final X509Bundle authority;

  Certificates(Path dir) {
    this.dir = dir;
    try {
      authority =
          new CertificateBuilder()
              .subject("CN=authority of " + dir.getFileName())
              .setIsCertificateAuthority(true)
              .ecp256()
              .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  record Pair(Path certificate, Path key) {}

  Path authority() {
    return write("ca.pem", authority.getCertificatePEM());
  }

  /** For 127.0.0.1, from now to tomorrow. */
  Pair server(String name) {
    return issue(name, "127.0.0.1", Duration.ofHours(-1), Duration.ofDays(1));
  }

  Pair issue(String name, String address, Duration from, Duration until) {
    Instant now = Instant.now();
    try {
      X509Bundle bundle =
          new CertificateBuilder()
              .subject("CN=" + name)
              .addSanIpAddress(address)
              .notBefore(now.plus(from))
              .notAfter(now.plus(until))
              .ecp256()
              .buildIssuedBy(authority);
      return new Pair(
          write(name + ".pem", bundle.getCertificatePathPEM()),
          write(name + ".key", bundle.getPrivateKeyPEM()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(dir.resolve(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
