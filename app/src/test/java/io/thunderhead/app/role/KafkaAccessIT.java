package io.thunderhead.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.thunderhead.app.CommandRun;
import io.thunderhead.app.Secrets;
import io.thunderhead.app.cli.CommandLineRun;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.BrokerAccess;
import io.thunderhead.log.BrokerAccess.Login;
import io.thunderhead.log.BrokerAccess.Mechanism;
import io.thunderhead.log.ClientSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every role and command against brokers that want a password or a certificate. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class KafkaAccessIT {
  private static final int EVENTS = 300;
  private static final String POST =
      "{\"verb\":\"VERB_POST\",\"publisher\":\"me\",\"post_id\":\"42\",\"author_id\":\"7\","
          + "\"created_at\":\"1\"}\n";
  private static final Pattern READY = Pattern.compile("READY ");

  @TempDir private Path dir = Path.of("");

  @Test
  void passwords_letEveryRoleIn_wrongOnesEndTheStartInALine_andNoneIsPrinted() throws Exception {
    List<String> seen = new ArrayList<>();
    try (Secrets secrets = new Secrets(dir)) {
      String password = secrets.mark("it's \"marked\" \\ of the plain one");
      secrets.write("plain.password", password + "\n");
      String scrambled = secrets.mark("marked of the scrambled ones");
      secrets.write("scram.password", scrambled + "\n");
      secrets.write("wrong.password", secrets.mark("marked but wrong") + "\n");
      try (EmbeddedBroker broker =
          EmbeddedBroker.start(
              dir.resolve("kafka"), "127.0.0.1", 0, withPassword(secrets, password))) {
        String kafka = broker.bootstrapServers();
        addScrambled(kafka, secrets, scrambled);
        List<String> plain = as(secrets, kafka, "plain", "role", "plain");
        List<String> scram256 = as(secrets, kafka, "scram-sha-256", "role256", "scram");
        List<String> scram512 = as(secrets, kafka, "SCRAM-SHA-512", "role512", "scram");

        for (List<String> wrong :
            List.of(
                as(secrets, kafka, "plain", "role", "wrong"),
                as(secrets, kafka, "scram-sha-256", "role256", "wrong"),
                as(secrets, kafka, "scram-sha-512", "nobody", "scram"))) {
          seen.add(refused(kafka, with(wrong, "transform", "--http-port", "0")));
        }
        seen.add(refused(kafka, with(as(secrets, kafka, "plain", "role", "wrong"), "audit")));

        seen.add(done(with(scram256, "generate", "--events", "" + EVENTS, "--rate", "100000")));
        try (CommandRun transform = start(with(scram512, "transform", "--http-port", "0"));
            CommandRun serve =
                start(with(plain, "serve", "--grpc-port", "0", "--http-port", "off"));
            CommandRun distribute =
                start(with(scram256, "distribute", "--grpc-port", "0", "--http-port", "off"))) {
          for (CommandRun role : List.of(transform, serve, distribute)) {
            role.await(READY);
            seen.add(role.output());
          }
        }
        seen.add(done(with(scram512, edge(secrets))));
        assertThat(seen.getLast()).contains("\"accepted\":1");
        seen.add(done(with(scram512, "audit", "--json")));
        assertThat(seen.getLast()).contains("\"unaccounted\":0").contains("" + EVENTS);
        seen.add(done(with(plain, "dead-letters", "list")));
      }
      assertSecret(secrets, seen);
    }
  }

  @Test
  void certificates_letIn_whoHasOneAndBelievesTheBroker() throws Exception {
    List<String> seen = new ArrayList<>();
    try (Secrets secrets = new Secrets(dir)) {
      secrets.certificate("client");
      Map<String, String> settings = tls(secrets, "SSL");
      settings.put("ssl.client.auth", "required");
      try (EmbeddedBroker broker =
          EmbeddedBroker.start(dir.resolve("kafka"), "127.0.0.1", 0, settings)) {
        String kafka = broker.bootstrapServers();
        List<String> believing =
            List.of(
                "--bootstrap-servers",
                kafka,
                "--kafka-ca",
                secrets.path("ca.pem"),
                "--partitions",
                "2");
        List<String> known = new ArrayList<>(believing);
        known.addAll(
            List.of(
                "--kafka-certificate",
                secrets.path("client.pem"),
                "--kafka-key",
                secrets.path("client.key")));
        seen.add(refused(kafka, with(believing, "transform", "--http-port", "0")));
        secrets.certificate("stranger");
        List<String> elsewhere = new ArrayList<>(known);
        elsewhere.set(3, secrets.path("stranger.pem"));
        seen.add(refused(kafka, with(elsewhere, "generate", "--events", "1")));

        seen.add(done(with(known, "generate", "--events", "" + EVENTS, "--rate", "100000")));
        try (CommandRun transform = start(with(known, "transform", "--http-port", "0"))) {
          transform.await(READY);
        }
        seen.add(done(with(known, "audit", "--json")));
      }
      assertSecret(secrets, seen);
    }
  }

  private static void assertSecret(Secrets secrets, List<String> seen) {
    seen.add(secrets.logged());
    assertThat(secrets.logged()).contains("transform with");
    for (String mark : secrets.marks()) {
      assertThat(seen).noneMatch(text -> text.contains(mark));
    }
  }

  /** What a start prints that Kafka does not let in; it must be a line. */
  private static String refused(String kafka, List<String> arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    int exit =
        new CommandLineRun(Map.of(), new StopRequest(), out, errors)
            .execute(arguments.toArray(String[]::new));
    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(said).isEqualTo(1);
    assertThat(said.lines()).hasSize(1);
    assertThat(said).contains(arguments.getFirst()).contains(kafka).containsIgnoringCase("auth");
    return said;
  }

  private static String done(List<String> arguments) {
    try (CommandRun run = start(arguments)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  private static CommandRun start(List<String> arguments) {
    return CommandRun.start(arguments.toArray(String[]::new));
  }

  private String[] edge(Secrets secrets) throws Exception {
    return new String[] {
      "edge",
      "--source",
      secrets.write("posts.ndjson", POST).toString(),
      "--format",
      "ndjson",
      "--spool-dir",
      dir.resolve("spool").toString(),
      "--http-port",
      "0"
    };
  }

  private static List<String> with(List<String> access, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(access);
    return all;
  }

  private static List<String> as(
      Secrets secrets, String kafka, String mechanism, String user, String password) {
    return List.of(
        "--bootstrap-servers",
        kafka,
        "--kafka-ca",
        secrets.path("ca.pem"),
        "--kafka-sasl",
        mechanism,
        "--kafka-user",
        user,
        "--kafka-password-file",
        secrets.path(password + ".password"),
        "--partitions",
        "2");
  }

  private static void addScrambled(String kafka, Secrets secrets, String password)
      throws Exception {
    BrokerAccess access =
        new BrokerAccess(
            true,
            Path.of(secrets.path("ca.pem")),
            null,
            new Login(Mechanism.PLAIN, "role", Path.of(secrets.path("plain.password"))));
    ClientSettings settings = new ClientSettings(kafka, access, Map.of());
    try (Admin admin = Admin.create(settings.admin("setup"))) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "role256",
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                      password),
                  new UserScramCredentialUpsertion(
                      "role512",
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                      password)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  /** A broker whose clients show a password; it is one of them itself. */
  private static Map<String, String> withPassword(Secrets secrets, String password)
      throws Exception {
    Map<String, String> settings = tls(secrets, "SASL_SSL");
    String jaas = "org.apache.kafka.common.security.%s required %s;";
    String quoted = password.replace("\\", "\\\\").replace("\"", "\\\"");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.client.plain.sasl.jaas.config",
        jaas.formatted(
            "plain.PlainLoginModule",
            "username=\"role\" password=\"%s\" user_role=\"%s\"".formatted(quoted, quoted)));
    for (String mechanism : List.of("scram-sha-256", "scram-sha-512")) {
      settings.put(
          "listener.name.client." + mechanism + ".sasl.jaas.config",
          jaas.formatted("scram.ScramLoginModule", ""));
    }
    return settings;
  }

  private static Map<String, String> tls(Secrets secrets, String protocol) throws Exception {
    X509Bundle server = secrets.certificate("server");
    Map<String, String> settings = new HashMap<>();
    settings.put("listener.security.protocol.map", "CLIENT:" + protocol + ",CONTROLLER:PLAINTEXT");
    settings.put("ssl.keystore.type", "PEM");
    settings.put("ssl.keystore.certificate.chain", server.getCertificatePathPEM());
    settings.put("ssl.keystore.key", server.getPrivateKeyPEM());
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.certificates", secrets.authority().getCertificatePEM());
    return settings;
  }
}
