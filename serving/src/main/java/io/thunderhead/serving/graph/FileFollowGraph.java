package io.thunderhead.serving.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A follow graph from a file, held in memory and read again when the file changes. A file that
 * can't be read again leaves the graph as it was; it is taken once it has looked the same twice, so
 * that one that is still being written is not, and replacing it by a rename is safer still.
 */
public final class FileFollowGraph implements FollowGraph {
  private static final Logger LOG = LoggerFactory.getLogger(FileFollowGraph.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** 16 bytes each while reading, 8 after. */
  public static final int DEFAULT_MAX_EDGES = 50_000_000;

  private final Path file;
  private final int maxEdges;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watcher;

  /** Replaced as a whole by the watcher. */
  private volatile FollowEdges edges;

  /** Why the file can't be looked at, or null; the watcher's. */
  private volatile @Nullable String lookProblem;

  /** Why the file as it is now was not taken, or null; the watcher's. */
  private volatile @Nullable String loadProblem;

  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private FileFollowGraph(Path file, int maxEdges, Stamp stamp) throws IOException {
    this.file = file;
    this.maxEdges = maxEdges;
    this.edges = load();
    this.watcher =
        Thread.ofPlatform().daemon().name("follow-graph-watch").start(() -> watch(stamp));
  }

  /** Opens {@code file} with {@link #DEFAULT_MAX_EDGES}. */
  public static FileFollowGraph open(Path file) throws IOException {
    return open(file, DEFAULT_MAX_EDGES);
  }

  /**
   * Reads the file and begins to watch it.
   *
   * @throws IOException if it can't be read or has more than {@code maxEdges} lines of edges
   */
  public static FileFollowGraph open(Path file, int maxEdges) throws IOException {
    try {
      return new FileFollowGraph(file, maxEdges, stamp(file));
    } catch (IOException e) {
      throw new IOException("follow graph " + file + ": " + describe(e), e);
    }
  }

  @Override
  public long[] following(long userId) throws FollowGraphException {
    FollowEdges now = edges;
    int count = now.count(userId);
    if (count > MAX_FOLLOWS) {
      throw new FollowGraphException(
          "the user follows " + count + " others, more than " + MAX_FOLLOWS);
    }
    return now.following(userId);
  }

  @Override
  public List<String> check() {
    return Stream.of(Optional.ofNullable(lookProblem), Optional.ofNullable(loadProblem))
        .flatMap(Optional::stream)
        .map(problem -> "follow graph: " + problem)
        .toList();
  }

  /** Users who follow anybody. */
  public int users() {
    return edges.users();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Stamp first) {
    Stamp loaded = first;
    @Nullable Stamp previous = null;
    try {
      while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        Stamp now;
        try {
          now = stamp(file);
        } catch (IOException | RuntimeException e) {
          lookProblem = failed(lookProblem, e);
          previous = null;
          continue;
        }
        lookProblem = null;
        if (!now.equals(loaded) && now.equals(previous)) {
          loaded = now; // Also if it fails: the same bytes would fail again.
          reload();
        }
        previous = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reload() {
    try {
      edges = load();
      loadProblem = null;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      loadProblem = failed(loadProblem, e);
    }
  }

  private FollowEdges load() throws IOException {
    FollowFileReader.Result result = FollowFileReader.read(file, maxEdges);
    FollowEdges read = result.edges();
    LOG.info("Follow graph {}: {} users, {} edges", file, read.users(), read.edges());
    if (result.badLines() > 0) {
      LOG.warn(
          "Follow graph {}: {} lines are not user_id,followed_id and are left out, the first is"
              + " line {}",
          file,
          result.badLines(),
          result.firstBadLine());
    }
    return read;
  }

  private String failed(@Nullable String before, Throwable e) {
    String why = describe(e);
    if (!why.equals(before)) {
      LOG.warn("Follow graph {} stays as it was: {}", file, why);
    }
    return why;
  }

  private static Stamp stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  private static String describe(Throwable e) {
    return e.getClass().getSimpleName() + ", " + e.getMessage();
  }
}
