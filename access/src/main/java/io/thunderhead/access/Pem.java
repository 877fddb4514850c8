package io.thunderhead.access;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Reads certificates and keys, and finds what is wrong with them before a handshake does. Every
 * message begins with the setting that names the file; none quotes what is in it.
 */
final class Pem {
  private static final int MAX_BYTES = 1 << 20;

  private Pem() {}

  /** The bytes of a small file. */
  static byte[] bytes(String setting, Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IllegalArgumentException(setting + ": " + file + " is a directory");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "%s: %s is larger than %d bytes".formatted(setting, file, MAX_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(setting + ": no such file: " + file, e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(setting + ": " + file + " may not be read", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s can't be read: %s".formatted(setting, file, e.getMessage()), e);
    }
  }

  /** At least one certificate; the first is valid now. */
  static X509Certificate[] certificates(String setting, Path file, InstantSource clock) {
    X509Certificate[] certificates;
    try {
      certificates =
          CertificateUtils.getX509Certificates(new ByteArrayInputStream(bytes(setting, file)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "%s: %s holds no PEM certificates".formatted(setting, file), e);
    }
    if (certificates.length == 0) {
      throw new IllegalArgumentException(
          "%s: %s holds no PEM certificates".formatted(setting, file));
    }
    Instant now = clock.instant();
    Instant from = certificates[0].getNotBefore().toInstant();
    Instant until = certificates[0].getNotAfter().toInstant();
    if (now.isAfter(until)) {
      throw new IllegalArgumentException(
          "%s: the certificate in %s expired at %s".formatted(setting, file, until));
    }
    if (now.isBefore(from)) {
      throw new IllegalArgumentException(
          "%s: the certificate in %s is not valid before %s".formatted(setting, file, from));
    }
    return certificates;
  }

  static PrivateKey key(String setting, Path file) {
    byte[] pem = bytes(setting, file);
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
      throw new IllegalArgumentException(
          "%s: the key in %s is encrypted; it must be plain, in a file that only we may read"
              .formatted(setting, file));
    }
    if (!text.contains("BEGIN PRIVATE KEY")) {
      throw new IllegalArgumentException(
          ("%s: %s holds no PKCS #8 key (BEGIN PRIVATE KEY);"
                  + " openssl pkcs8 -topk8 -nocrypt makes one of another")
              .formatted(setting, file));
    }
    try {
      return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException( // Without a cause: it could quote the key.
          "%s: the key in %s is damaged, or neither RSA nor EC".formatted(setting, file));
    }
  }

  /** Whether what the key signs is what the certificate vouches for. */
  static boolean belongTogether(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
