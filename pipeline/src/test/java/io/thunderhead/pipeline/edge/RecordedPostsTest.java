package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.protocol.v1.Activity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedPostsTest {
  private static final int MAX_LINE_BYTES = 100_000;

  @TempDir Path directory;

  @Test
  void lines_endWithOrWithoutCarriageReturn_andTheLastWithNothing() throws IOException {
    try (RecordedPosts posts = of("1 2 100 RT\r\n\r\n  \n3 4 200 MT\n\n5 6 150 RE")) {
      assertThat(all(posts)).extracting(Activity::getAuthorId).containsExactly(1L, 3L, 5L);
      assertThat(posts.counts()).isEqualTo(new RecordCounts(6, 3, 3, Map.of(), Map.of()));
      assertThat(posts.format()).isEqualTo(RecordFormat.HIGGS);
      assertThat(posts.next()).isNull();
    }
  }

  @Test
  void lines_thatCannotBeUsed_areCountedAndSkipped() throws IOException {
    String tooLong = "{\"a\":\"" + "x".repeat(MAX_LINE_BYTES) + "\"}";
    String frame = "{\"did\":\"did:plc:me\",\"time_us\":1780000000500000,\"kind\":\"%s\"%s}";
    String delete =
        frame.formatted(
            "commit",
            ",\"commit\":{\"operation\":\"delete\",\"collection\":\"app.bsky.feed.post\",\"rkey\":\"1\"}");
    String text =
        String.join(
            "\n",
            "# not a record",
            frame.formatted("identity", ""),
            delete,
            tooLong,
            "{\"did\":\"half",
            delete,
            frame.formatted("account", ""),
            "\u0000\u0001");
    try (RecordedPosts posts = of(text)) {
      assertThat(all(posts)).hasSize(2);
      RecordCounts counts = posts.counts();
      assertThat(counts.filtered())
          .isEqualTo(Map.of(FilterReason.IDENTITY, 1L, FilterReason.ACCOUNT, 1L));
      assertThat(counts.malformed())
          .isEqualTo(
              Map.of(
                  RecordFault.UNKNOWN_FORMAT, 1L,
                  RecordFault.LINE_TOO_LONG, 1L,
                  RecordFault.NOT_JSON, 1L));
      assertThat(counts.lines())
          .isEqualTo(
              counts.blank() + counts.parsed() + counts.filteredTotal() + counts.malformedTotal());
    }
  }

  @Test
  void line_ofExactlyTheLimit_isTaken() throws IOException {
    String row = "1 2 100 RT";
    try (RecordedPosts posts =
        RecordedPosts.read(
            new ByteArrayInputStream((row + "\n" + row + "0\n" + row).getBytes(UTF_8)),
            RecordFormat.HIGGS,
            row.length())) {
      assertThat(all(posts)).hasSize(2);
      assertThat(posts.counts().malformed()).isEqualTo(Map.of(RecordFault.LINE_TOO_LONG, 1L));
    }
  }

  @Test
  void invalidUtf8_isMalformed() throws IOException {
    byte[] bytes = "{\"verb\":\"VERB_POST\",\"text\":\"?\"}".getBytes(UTF_8);
    bytes[bytes.length - 3] = (byte) 0xff;
    for (RecordFormat format :
        new RecordFormat[] {RecordFormat.NDJSON, RecordFormat.TWITTER_V11, RecordFormat.GNIP}) {
      try (RecordedPosts posts =
          RecordedPosts.read(new ByteArrayInputStream(bytes), format, MAX_LINE_BYTES)) {
        assertThat(posts.next()).isNull();
        assertThat(posts.counts().malformed()).isEqualTo(Map.of(RecordFault.NOT_JSON, 1L));
      }
    }
  }

  @Test
  void gzip_isReadAsPlainText_alsoInSeveralMembers() throws IOException {
    Path file = directory.resolve("posts.gz");
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.writeBytes(gzip("1 2 100 RT\n".repeat(20_000)));
    members.writeBytes(gzip("3 4 300 MT\n"));
    Files.write(file, members.toByteArray());
    try (RecordedPosts posts = RecordedPosts.open(file, RecordFormat.AUTO, MAX_LINE_BYTES)) {
      assertThat(all(posts)).hasSize(20_001);
    }
    assertThat(RecordedPosts.latestCreatedAt(file, RecordFormat.HIGGS, MAX_LINE_BYTES))
        .isEqualTo(300);
  }

  @Test
  void gzip_cutShort_isAnError() throws IOException {
    byte[] whole = gzip("1 2 100 RT\n".repeat(20_000));
    try (RecordedPosts posts =
        RecordedPosts.read(
            new ByteArrayInputStream(whole, 0, whole.length / 2),
            RecordFormat.AUTO,
            MAX_LINE_BYTES)) {
      assertThatThrownBy(() -> all(posts)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HIGGS|1 2 100 RT",
        "TWITTER_V11|{'id':1,'id_str':'1'}",
        "TWITTER_V11|{'delete':{'status':{'id':1}}}",
        "GNIP|{'id':'tag:x','verb':'post','actor':{}}",
        "JETSTREAM|{'did':'did:plc:me','time_us':1,'kind':'commit'}",
        "NDJSON|{'publisher':'mine','verb':'VERB_POST'}",
        "NDJSON|{'verb':'VERB_POST','post_id':1}"
      })
  void format_isDetectedByTheFirstRecord(RecordFormat format, String record) throws IOException {
    String json = record.replace('\'', '"');
    try (RecordedPosts posts = of(json)) {
      assertThat(posts.format()).isEqualTo(RecordFormat.AUTO);
      all(posts);
      assertThat(posts.format()).isEqualTo(format);
    }
  }

  @Test
  void unknownFormat_isAnError_andNothingIsNot() throws IOException {
    try (RecordedPosts posts = of("a\tb\nc\td\n")) {
      assertThatThrownBy(posts::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("format");
    }
    try (RecordedPosts posts = of("a\tb\n".repeat(1000))) {
      assertThatThrownBy(posts::next).isInstanceOf(IOException.class);
      assertThat(posts.counts().lines()).isEqualTo(100);
    }
    for (String nothing : new String[] {"", "\n", "\n \n"}) {
      try (RecordedPosts posts = of(nothing)) {
        assertThat(posts.next()).isNull();
      }
    }
  }

  @Test
  void replies_getTheRootOfTheirThread_whereTheParentWasSeen() throws IOException {
    String text =
        """
        {"verb":"VERB_POST","postId":"1","authorId":"9","createdAt":"1","publisher":"p"}
        {"verb":"VERB_POST","postId":"2","authorId":"9","createdAt":"2","inReplyTo":{"postId":"1"}}
        {"verb":"VERB_POST","postId":"3","authorId":"9","createdAt":"3","inReplyTo":{"postId":"2"}}
        {"verb":"VERB_POST","postId":"5","authorId":"9","createdAt":"4","inReplyTo":{"postId":"4"}}
        {"verb":"VERB_POST","postId":"6","authorId":"9","createdAt":"5","inReplyTo":{"authorId":"8"}}
        {"verb":"VERB_POST","postId":"7","authorId":"9","createdAt":"6","inReplyTo":{"postId":"3"},"conversation":{"postId":"77"}}
        {"verb":"VERB_SHARE","postId":"8","authorId":"9","createdAt":"7","shareOf":{"postId":"3"}}
        """;
    try (RecordedPosts posts = of(text)) {
      assertThat(all(posts))
          .extracting(post -> post.getConversation().getPostId())
          .containsExactly(1L, 1L, 1L, 0L, 0L, 77L, 0L);
    }
  }

  @Test
  void formats_areNamedAsOnTheCommandLine() {
    assertThat(RecordFormat.values())
        .extracting(RecordFormat::label)
        .containsExactly("auto", "higgs", "twitter-v11", "gnip", "jetstream", "ndjson");
    assertThat(RecordFormat.of("gnip")).isEqualTo(RecordFormat.GNIP);
    assertThatThrownBy(() -> RecordFormat.of("csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twitter-v11");
  }

  private static RecordedPosts of(String text) throws IOException {
    return RecordedPosts.read(
        new ByteArrayInputStream(text.getBytes(UTF_8)), RecordFormat.AUTO, MAX_LINE_BYTES);
  }

  private static List<Activity> all(RecordedPosts posts) throws IOException {
    List<Activity> all = new ArrayList<>();
    for (Activity post = posts.next(); post != null; post = posts.next()) {
      all.add(post);
    }
    return all;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
