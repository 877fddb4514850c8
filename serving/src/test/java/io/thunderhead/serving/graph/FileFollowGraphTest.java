package io.thunderhead.serving.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FileFollowGraphTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path dir;

  @Test
  void following_commasTabsCommentsAndHeader_isSortedAndDistinct() throws Exception {
    try (FileFollowGraph graph =
        open("user_id,followed_id\n# who follows whom\n\n9,3\r\n3\t7\n3,5\n 3 , 7 \n3,7")) {
      assertThat(graph.following(3)).containsExactly(5, 7);
      assertThat(graph.following(9)).containsExactly(3);
      assertThat(graph.following(4)).isEmpty();
      assertThat(graph.users()).isEqualTo(2);
      assertThat(graph.check()).isEmpty();
    }
  }

  @Test
  void read_badLines_costOnlyThemselvesAndTheFirstIsNamed() throws IOException {
    Path file = dir.resolve("bad.csv");
    Files.writeString(
        file,
        "1,2\nuser,followed\n1\n0,5\n1,-4\n1,9223372036854775808\n1,99999999999999999999\n1,2,3\n"
            + "x".repeat(5000)
            + "\n1,3\n");
    FollowFileReader.Result result = FollowFileReader.read(file, 100);
    assertThat(result.edges().following(1)).containsExactly(2, 3);
    assertThat(result.badLines()).isEqualTo(8);
    assertThat(result.firstBadLine()).isEqualTo(2);
  }

  @Test
  void following_gzippedFile_isInflated() throws Exception {
    Path file = dir.resolve("graph.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("1\t2\n1\t4\n".getBytes(StandardCharsets.UTF_8));
    }
    try (FileFollowGraph graph = FileFollowGraph.open(file)) {
      assertThat(graph.following(1)).containsExactly(2, 4);
    }
  }

  @Test
  void following_atTheLimitAndAboveIt_isTheListOrAnError() throws Exception {
    String most =
        IntStream.rangeClosed(1, FollowGraph.MAX_FOLLOWS)
            .mapToObj(i -> "5," + i)
            .collect(Collectors.joining("\n"));
    try (FileFollowGraph graph = open(most + "\n6,1\n")) {
      assertThat(graph.following(5)).hasSize(FollowGraph.MAX_FOLLOWS);
    }
    try (FileFollowGraph graph = open(most + "\n5,100001\n6,1\n")) {
      assertThatThrownBy(() -> graph.following(5))
          .isInstanceOf(FollowGraphException.class)
          .hasMessageContaining("more than 100000");
      assertThat(graph.following(6)).containsExactly(1);
    }
  }

  @Test
  void open_missingOrTooLarge_failsAndNamesTheFile() throws IOException {
    assertThatThrownBy(() -> FileFollowGraph.open(dir.resolve("none.csv")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.csv");
    Path file = dir.resolve("large.csv");
    Files.writeString(file, "1,2\n1,3\n1,4\n");
    assertThatThrownBy(() -> FileFollowGraph.open(file, 2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 2");
  }

  @Test
  void change_isTakenUp_andOneThatCantBeReadLeavesTheOldGraph() throws Exception {
    Path file = dir.resolve("graph.csv");
    Files.writeString(file, "1,2\n");
    try (FileFollowGraph graph = FileFollowGraph.open(file, 3)) {
      Path next = dir.resolve("next.csv");
      Files.writeString(next, "1,2\n1,3\n");
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(LIMIT).until(() -> graph.following(1).length == 2);

      Files.writeString(file, "1,2\n1,3\n1,4\n1,5\n");
      await().atMost(LIMIT).until(() -> graph.check().toString().contains("more than 3"));
      assertThat(graph.following(1)).containsExactly(2, 3);

      Files.delete(file);
      await().atMost(LIMIT).until(() -> graph.check().toString().contains("NoSuchFile"));
      assertThat(graph.following(1)).containsExactly(2, 3);

      Files.writeString(file, "8,9\n");
      await().atMost(LIMIT).until(() -> graph.following(8).length == 1);
      assertThat(graph.check()).isEmpty();
      assertThat(graph.following(1)).isEmpty();
    }
  }

  private FileFollowGraph open(String content) throws IOException {
    Path file = dir.resolve("graph.csv");
    Files.writeString(file, content);
    return FileFollowGraph.open(file);
  }
}
