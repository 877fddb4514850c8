package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a running demo in a real browser. Runs where a Chromium is installed. */
@Tag("browser")
@Timeout(180)
final class PageIT {
  @TempDir Path dir;

  @Test
  void page_ofARunningDemo_showsLiveFiguresAndAsksNobodyElse() throws Exception {
    try (RoleProcess demo =
        RoleProcess.start(
            dir, "demo", "--grpc-port", "0", "--http-port", "0", "--seconds", "120")) {
      String http = "http://" + demo.awaitReady().address("http");
      JsonNode seen =
          ForeignClient.run(
              dir, "page.mjs", "--url", http, "--screenshot", dir.resolve("page.png").toString());
      assertThat(seen.get("problems")).isEmpty();
      assertThat(seen.get("overflow").asBoolean()).isFalse();
      assertThat(seen.get("text").asText()).contains("Thunderhead");
    }
  }
}
