package io.thunderhead.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Certificates.Pair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with files is said at the start, by the setting's name, and never quotes a key. */
final class ServerTlsTest {
  @TempDir private Path dir = Path.of("");

  private Certificates signed = new Certificates(dir);
  private Pair good = new Pair(dir, dir);

  @BeforeEach
  void sign() {
    signed = new Certificates(dir);
    good = signed.server("good");
  }

  @Test
  void load_goodPair_isTaken() {
    ServerTls tls =
        ServerTls.load(good.certificate(), good.key(), signed.authority(), InstantSource.system());
    assertThat(tls.mutual()).isTrue();
    assertThat(tls.withoutCallers().mutual()).isFalse();
    assertThat(tls.parameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
  }

  @Test
  void load_missingFiles_areNamed() {
    Path nowhere = dir.resolve("nowhere.pem");
    failing(nowhere, good.key(), null).hasMessage("tlsCertificate: no such file: " + nowhere);
    failing(good.certificate(), nowhere, null).hasMessage("tlsKey: no such file: " + nowhere);
    failing(good.certificate(), good.key(), nowhere)
        .hasMessage("tlsClientCa: no such file: " + nowhere);
    failing(dir, good.key(), null).hasMessage("tlsCertificate: " + dir + " is a directory");
  }

  @Test
  void load_expired_saysWhen() {
    Pair old = signed.issue("old", "127.0.0.1", Duration.ofDays(-2), Duration.ofDays(-1));
    failing(old.certificate(), old.key(), null)
        .hasMessageMatching("tlsCertificate: the certificate in .*old\\.pem expired at .*Z");
    Pair early = signed.issue("early", "127.0.0.1", Duration.ofDays(1), Duration.ofDays(2));
    failing(early.certificate(), early.key(), null).hasMessageContaining("is not valid before");
  }

  @Test
  void certificate_thatExpiresWhileRunning_isAProblemUntilItIsReplaced() {
    Pair brief = signed.issue("server", "127.0.0.1", Duration.ofDays(-1), Duration.ofDays(1));
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    ServerTls tls = ServerTls.load(brief.certificate(), brief.key(), null, now::get);
    AccessConfig config = new AccessConfig(tls, null, tls, null, Duration.ofMillis(20));
    try (Access access = new Access(config, new PrometheusRegistry())) {
      assertThat(access.problems()).isEmpty();
      now.set(Instant.now().plus(Duration.ofDays(2)));
      assertThat(access.problems())
          .singleElement()
          .asString()
          .matches("tlsCertificate: the certificate in .*server\\.pem expired at .*Z");
      signed.issue("server", "127.0.0.1", Duration.ofDays(-1), Duration.ofDays(9));
      await().atMost(Duration.ofSeconds(20)).until(() -> access.problems().isEmpty());
    }
  }

  @Test
  void load_keyOfAnotherCertificate_isFound() {
    Pair other = signed.server("other");
    failing(good.certificate(), other.key(), null)
        .hasMessageStartingWith("tlsKey: the key in ")
        .hasMessageContaining("is not that of the certificate in");
  }

  @Test
  void load_damagedOrWrongContents_areSaidWithoutQuotingThem() {
    failing(signed.write("text.pem", "hello"), good.key(), null)
        .hasMessageContaining("holds no PEM certificates")
        .hasMessageNotContaining("hello");
    failing(good.certificate(), signed.write("text.key", "hello"), null)
        .hasMessageContaining("PKCS #8")
        .hasMessageNotContaining("hello");
    String marker = "TUFSS0VS";
    failing(
            good.certificate(),
            signed.write(
                "cut.key",
                "-----BEGIN PRIVATE KEY-----\n" + marker + "\n-----END PRIVATE KEY-----\n"),
            null)
        .hasMessageContaining("is damaged, or neither RSA nor EC")
        .hasNoCause()
        .hasMessageNotContaining(marker);
    failing(
            good.certificate(),
            signed.write("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + marker + "\n"),
            null)
        .hasMessageContaining("is encrypted");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> failing(
      Path certificate, Path key, @Nullable Path clientCa) {
    return assertThatThrownBy(
            () -> ServerTls.load(certificate, key, clientCa, InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
