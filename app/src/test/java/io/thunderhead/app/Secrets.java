package io.thunderhead.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Certificates, tokens and what was logged while they were in use. */
public final class Secrets implements AutoCloseable {
  private final Path dir;
  private final X509Bundle authority;
  private final List<String> marks = new CopyOnWriteArrayList<>();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Recorder recorder = new Recorder();

  /** Begins to record the log. */
  public Secrets(Path dir) throws Exception {
    this.dir = dir;
    authority =
        new CertificateBuilder()
            .subject("CN=authority")
            .setIsCertificateAuthority(true)
            .rsa2048()
            .buildSelfSigned();
    write("ca.pem", authority.getCertificatePEM());
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    recorder.setContext(context);
    recorder.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(recorder);
  }

  /** {@code NAME.pem} and {@code NAME.key}, for 127.0.0.1. */
  public X509Bundle certificate(String name) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=" + name)
            .addSanIpAddress("127.0.0.1")
            .rsa2048()
            .buildIssuedBy(authority);
    write(name + ".pem", bundle.getCertificatePathPEM());
    write(name + ".key", bundle.getPrivateKeyPEM());
    marks.add(bundle.getPrivateKeyPEM().lines().skip(3).findFirst().orElseThrow());
    return bundle;
  }

  public X509Bundle authority() {
    return authority;
  }

  /** {@code NAME.token} with the token, and {@code NAME.known} with the line for servers. */
  public String token(String name) throws Exception {
    String token = "marked-token-of-" + name;
    write(name + ".token", token + "\n");
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    write(name + ".known", name + " " + HexFormat.of().formatHex(hash) + "\n");
    marks.add(token);
    return token;
  }

  /** Something else that nobody may see. */
  public String mark(String secret) {
    marks.add(secret);
    return secret;
  }

  public String path(String name) {
    return dir.resolve(name).toString();
  }

  public Path write(String name, String text) throws Exception {
    return Files.writeString(dir.resolve(name), text);
  }

  /** All that must be seen nowhere. */
  public List<String> marks() {
    return List.copyOf(marks);
  }

  /** All log lines since, exceptions included. */
  public String logged() {
    return String.join("\n", logged);
  }

  @Override
  public void close() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(recorder);
  }

  private final class Recorder extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      StringBuilder line = new StringBuilder();
      line.append(event.getLevel()).append(' ').append(event.getLoggerName()).append(' ');
      line.append(event.getFormattedMessage());
      for (var thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
        line.append(" / ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
      }
      logged.add(line.toString());
    }
  }
}
