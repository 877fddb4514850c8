package io.thunderhead.app.spike;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PublisherTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<Long> read(String url, int lines) throws Exception {
    List<Long> ids = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(URI.create(url).toURL().openStream(), StandardCharsets.UTF_8))) {
      while (ids.size() < lines) {
        String line = in.readLine();
        assertThat(line).isNotNull();
        if (!line.isEmpty()) {
          JsonNode post = JSON.readTree(line);
          assertThat(post.get("verb").asText()).isEqualTo("post");
          String id = post.get("id").asText();
          ids.add(Long.parseLong(id.substring(id.lastIndexOf(':') + 1)) - PostLines.FIRST_ID);
        }
      }
    }
    return ids;
  }

  @Test
  void stream_ofALoad_hasEveryPostOnceInOrder() throws Exception {
    try (Publisher publisher = Publisher.start()) {
      publisher.begin(second -> 5_000, 1);
      List<Long> ids = read(publisher.url(), 4_000);
      for (int i = 0; i < ids.size(); i++) {
        assertThat(ids.get(i)).isEqualTo(i);
      }
      assertThat(publisher.published()).isGreaterThanOrEqualTo(4_000);
    }
  }

  @Test
  void stream_withABackfill_comesFromTheBeginningAgain() throws Exception {
    try (Publisher publisher = Publisher.start()) {
      publisher.begin(second -> 5_000, 1);
      read(publisher.url(), 1_000);
      long published = publisher.published();
      assertThat(read(publisher.url() + "?backfillMinutes=1", 10)).startsWith(0L, 1L, 2L);
      assertThat(publisher.published()).isGreaterThanOrEqualTo(published);
    }
  }
}
