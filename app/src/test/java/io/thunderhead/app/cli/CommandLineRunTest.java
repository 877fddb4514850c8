package io.thunderhead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.lifecycle.StopRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit codes, error lines, and which of flag, environment and file wins. */
@Timeout(60)
final class CommandLineRunTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demo --nonsense|--nonsense
          flood|flood
          demo --grpc-port x|--grpc-port
          demo --grpc-port 65536|--grpc-port must be from 0 to 65535, not 65536
          demo --rate 0|--rate must be from 1
          demo --http-port 70000|--http-port
          demo --log-level LOUD|--log-level
          generate --rate -1|--rate must be from 1
          generate --bootstrap-servers nowhere|--bootstrap-servers must be HOST:PORT
          generate --partitions 0|--partitions must be from 1
          replay-file|FILE
          replay-file f --format xml|higgs
          replay-file f --to elsewhere|--to
          replay-file f --speed -2|--speed must be from 0
          transform --threads 0|--threads must be from 1
          transform --pack-events 0|--pack-events must be from 1
          transform --quoted-delete maybe|--quoted-delete
          transform --output-topic tweet_events|--output-topic must not be
          transform --input-format json|--input-format
          serve --snapshot-dir /does/not/exist|--snapshot-dir /does/not/exist does not exist
          serve --snapshot-dir /dev/null|--snapshot-dir /dev/null is no directory
          serve --snapshot-dir . --snapshot-interval 0|--snapshot-interval must be 1s to 7d
          serve --snapshot-dir . --snapshot-interval soon|is no length of time such as
          serve --snapshot-dir . --max-snapshot-age 5s|--max-snapshot-age must be 0 or from
          edge|--source is missing
          edge --source generator:?rate=0|source: rate must be from 1
          edge --source http://user:secret@host/|source must not hold credentials
          edge --source - --connections 2|--source: only URLs
          edge --source - --spool-bytes 7|--spool-bytes must be from
          edge --source - --format xml|higgs
          distribute --park-ms 0|--park-ms must be from 1
          distribute --enrichers nonsense|nonsense
          distribute --output-topic activities|must be three topics
          work --concurrency 0|concurrency
          work --distributor nowhere|HOST:PORT
          work --enrichers nonsense|nonsense
          spike --scale 101|--scale must be from 0
          spike --warm-seconds -1|--warm-seconds must be from 0
          audit --routes a|--routes must be
          serve --apply-permits 0|--apply-permits must be 1
          serve --post-retention-seconds -1|--post-retention-seconds must be between 1
          serve --max-concurrent-requests 0|--max-concurrent-requests must be 1
          serve --max-posts-kept-per-author 0|--max-posts-kept-per-author must be between 1
          query --following 1,x|--following
          query --following 1,0|--following must be at least 1, not 0
          query --user -1|--user must be at least 0
          query --addr nowhere|--addr must be HOST:PORT
          query --client-token-file none|--client-token-file: no such file: none
          query --server-ca none|--server-ca: no such file: none
          query --client-certificate c|need --server-ca
          query --server-ca system --client-key k|--client-certificate and --client-key must be
          serve --tls-certificate none --tls-key none|--tls-certificate: no such file: none
          serve --tls-certificate none|must be given together
          serve --tls-client-ca none|must be given together
          serve --http-tls on|--http-tls needs --tls-certificate
          serve --http-tls some|--http-tls
          serve --token-file none|--token-file: no such file: none
          serve --http-token-file none|--http-token-file: no such file: none
          serve --access-reload-seconds 0|--access-reload-seconds must be from 1
          transform --tls-certificate c --tls-key k|--http-tls is off
          work --http-token-file none|--http-token-file: no such file: none
          """)
  void execute_withWrongUsage_saysSoInOneLineAndExitsWithTwo(String line, String expected) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(stdout()).isEmpty();
    assertThat(stderr().lines()).hasSize(1);
    assertThat(stderr()).contains(expected);
  }

  @Test
  void execute_withoutCommand_exitsWithTwo() {
    assertThat(execute()).isEqualTo(2);
    assertThat(stderr()).contains("--help");
  }

  @Test
  void execute_withHelpOrVersion_exitsWithZero() {
    assertThat(execute("--help")).isZero();
    assertThat(stdout())
        .contains(
            "demo", "broker", "edge", "distribute", "work", "serve", "query", "audit", "spike");
    assertThat(execute("serve", "--help")).isZero();
    assertThat(stdout()).contains("THUNDERHEAD_GRPC_PORT").contains("[9090; ");
    assertThat(execute("--version")).isZero();
    assertThat(stdout()).contains("Thunderhead");
  }

  @Test
  void execute_withUnknownKeyInFile_namesIt() throws IOException {
    Path file = Files.writeString(dir.resolve("t.properties"), "grpc-port=1\nnonsense=2\n");
    assertThat(execute("serve", "--config", file.toString())).isEqualTo(2);
    assertThat(stderr()).contains("nonsense").contains("t.properties").doesNotContain("grpc-port");
  }

  @Test
  void execute_withMissingFile_namesIt() {
    assertThat(execute("serve", "--config=" + dir.resolve("none"))).isEqualTo(2);
    assertThat(stderr()).contains("none");
  }

  @Test
  void settings_flagBeatsEnvironmentBeatsFileBeatsDefault() throws IOException {
    Path file = Files.writeString(dir.resolve("t.properties"), "addr=f\nuser=-3\nmax=-3\n");
    environment.put("THUNDERHEAD_CONFIG", file.toString());
    assertThat(execute("query")).isEqualTo(2);
    assertThat(stderr()).contains("'f'");
    environment.put("THUNDERHEAD_ADDR", "e");
    assertThat(execute("query")).isEqualTo(2);
    assertThat(stderr()).contains("'e'");
    assertThat(execute("query", "--addr", "a")).isEqualTo(2);
    assertThat(stderr()).contains("'a'");
    assertThat(execute("query", "--addr", "127.0.0.1:1")).isEqualTo(2);
    assertThat(stderr()).contains("--user must be at least 0, not -3");
    assertThat(execute("query", "--addr", "127.0.0.1:1", "--user", "1")).isEqualTo(2);
    assertThat(stderr()).contains("--max must be at least 0, not -3");
  }

  @Test
  void settings_wrongValueInEnvironment_exitsWithTwo() {
    environment.put("THUNDERHEAD_MAX", "many");
    assertThat(execute("query")).isEqualTo(2);
    assertThat(stderr()).contains("--max").contains("many");
  }

  @Test
  void query_withNobodyThere_exitsWithOneAndAHint() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(execute("query", "--addr", "127.0.0.1:" + port)).isEqualTo(1);
    assertThat(stderr()).contains("UNAVAILABLE").contains("is a node running");
    assertThat(stdout()).isEmpty();
  }

  @Test
  void replayFile_withoutSuchFile_exitsWithOne() {
    assertThat(execute("replay-file", dir.resolve("none").toString())).isEqualTo(1);
    assertThat(stderr()).contains("no readable file");
  }

  @Test
  void broker_onTakenPort_exitsWithOneAndNamesIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      String data = dir.resolve("data").toString();
      assertThat(execute("broker", "--port", port, "--data-dir", data, "--http-port", "off"))
          .isEqualTo(1);
      assertThat(stderr()).contains("port " + port);
    }
  }

  private int execute(String... args) {
    out.reset();
    err.reset();
    return new CommandLineRun(
            environment,
            new StopRequest(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .execute(args);
  }

  private String stdout() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String stderr() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
