package io.thunderhead.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.access.Tokens.OverQuota;
import io.thunderhead.access.Tokens.Stranger;
import io.thunderhead.access.Tokens.Verdict;
import io.thunderhead.access.Tokens.Welcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are known, and what the file may look like. */
final class TokensTest {
  private static final String TOKEN = "b2Zm-secret-of-the-reader";

  @TempDir private Path dir = Path.of("");

  @Test
  void call_knownToken_isWelcome() throws IOException {
    Tokens tokens = load("# callers\n\nreader " + hash(TOKEN) + " # the first\n");
    assertThat(tokens.call("Bearer " + TOKEN)).isEqualTo(new Welcome("reader"));
    assertThat(tokens.call("bearer " + TOKEN)).isEqualTo(new Welcome("reader"));
    assertThat(tokens.visit("Bearer " + TOKEN)).isEqualTo(new Welcome("reader"));
    String basic =
        Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.UTF_8));
    assertThat(tokens.visit("Basic " + basic)).isEqualTo(new Welcome("reader"));
    assertThat(reason(tokens.call("Basic " + basic))).isEqualTo("token_malformed");
  }

  @Test
  void call_everythingElse_isRefusedByReason() throws IOException {
    Tokens tokens = load("reader " + hash(TOKEN) + "\n");
    assertThat(reason(tokens.call(null))).isEqualTo("token_missing");
    assertThat(reason(tokens.call(""))).isEqualTo("token_missing");
    assertThat(reason(tokens.call("Bearer "))).isEqualTo("token_malformed");
    assertThat(reason(tokens.call(TOKEN))).isEqualTo("token_malformed");
    assertThat(reason(tokens.call("Bearer pässword"))).isEqualTo("token_malformed");
    assertThat(reason(tokens.call("Bearer " + TOKEN + " "))).isEqualTo("token_malformed");
    assertThat(reason(tokens.call("Bearer " + "x".repeat(1 << 20)))).isEqualTo("token_malformed");
    assertThat(reason(tokens.call("Bearer " + TOKEN + "x"))).isEqualTo("token_unknown");
    assertThat(reason(tokens.call("Bearer " + hash(TOKEN)))).isEqualTo("token_unknown");
    assertThat(reason(tokens.visit("Basic " + "!".repeat(10)))).isEqualTo("token_malformed");
  }

  @Test
  void call_overTheQuota_isToldWhenToComeAgain_andTokensOfOneCallerShareIt() throws IOException {
    Tokens tokens =
        load(
            "reader %s rate=3\nreader %s rate=3\nother %s\n"
                .formatted(hash("a"), hash("b"), hash("c")));
    assertThat(tokens.call("Bearer a")).isEqualTo(new Welcome("reader"));
    assertThat(tokens.call("Bearer b")).isEqualTo(new Welcome("reader"));
    assertThat(tokens.call("Bearer a")).isEqualTo(new Welcome("reader"));
    assertThat(tokens.call("Bearer b"))
        .isInstanceOfSatisfying(
            OverQuota.class,
            over -> {
              assertThat(over.caller()).isEqualTo("reader");
              assertThat(over.waitMs()).isBetween(1L, 400L);
            });
    assertThat(tokens.call("Bearer c")).isEqualTo(new Welcome("other"));
    assertThat(tokens.visit("Bearer a")).isEqualTo(new Welcome("reader"));
  }

  @Test
  void reload_takesNewAndDropsOld_andKeepsQuotas() throws IOException {
    Tokens tokens = load("reader " + hash("old") + " rate=1\n");
    assertThat(tokens.call("Bearer old")).isEqualTo(new Welcome("reader"));
    write("reader " + hash("new") + " rate=1\n");
    tokens.reload();
    assertThat(reason(tokens.call("Bearer old"))).isEqualTo("token_unknown");
    assertThat(tokens.call("Bearer new")).isInstanceOf(OverQuota.class);
    write("nonsense\n");
    assertThatThrownBy(tokens::reload).isInstanceOf(IllegalArgumentException.class);
    assertThat(tokens.visit("Bearer new")).isEqualTo(new Welcome("reader"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nobody\n", "reader my-own-secret\n", "reader\n", "a b c d\n"})
  void load_wrongFile_saysWhereWithoutQuotingIt(String text) throws IOException {
    write(text);
    assertThatThrownBy(() -> Tokens.load("tokenFile", file()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tokenFile: ")
        .hasMessageNotContaining("secret");
  }

  private Tokens load(String text) throws IOException {
    write(text);
    return Tokens.load("tokenFile", file());
  }

  private void write(String text) throws IOException {
    Files.writeString(file(), text);
  }

  private Path file() {
    return dir.resolve("tokens");
  }

  private static String reason(Verdict verdict) {
    return verdict instanceof Stranger stranger ? stranger.reason() : verdict.toString();
  }

  static String hash(@Nullable String token) {
    byte[] bytes = String.valueOf(token).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(FileWatch.sha256().digest(bytes));
  }
}
