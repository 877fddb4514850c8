package io.thunderhead.pipeline.edge;

import io.thunderhead.protocol.v1.Activity;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The activities in a file of recorded posts, one after another, in the file's order, which need
 * not be that of time. A line that can't be used is counted by its reason and never ends the
 * reading. Not thread-safe.
 */
public final class RecordedPosts implements Closeable {
  /** A line limit that every format's records keep by far. */
  public static final int DEFAULT_MAX_LINE_BYTES = 1 << 20;

  private static final int DETECTION_LINES = 100;
  private static final int REMEMBERED_POSTS = 100_000;

  private final LineReader lines;
  private final ThreadRoots threadRoots = new ThreadRoots(REMEMBERED_POSTS);
  private final Map<FilterReason, Long> filtered = new EnumMap<>(FilterReason.class);
  private final Map<RecordFault, Long> malformed = new EnumMap<>(RecordFault.class);
  private RecordFormat format;
  private @Nullable RecordParser parser;
  private long lineCount;
  private long blank;
  private long parsed;

  private RecordedPosts(InputStream in, RecordFormat format, int maxLineBytes) throws IOException {
    if (maxLineBytes < 1) {
      throw new IllegalArgumentException("maxLineBytes must be at least 1, is " + maxLineBytes);
    }
    this.lines = new LineReader(in, maxLineBytes);
    this.format = format;
  }

  /** Opens a file, plain or gzip; a line longer than {@code maxLineBytes} is malformed. */
  public static RecordedPosts open(Path file, RecordFormat format, int maxLineBytes)
      throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      return new RecordedPosts(in, format, maxLineBytes);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Reads a stream, plain or gzip, which {@link #close} closes. */
  public static RecordedPosts read(InputStream in, RecordFormat format, int maxLineBytes)
      throws IOException {
    return new RecordedPosts(in, format, maxLineBytes);
  }

  /**
   * The latest time in a file, in UNIX seconds, or 0 if it has no activity: what a replay shifts
   * all times by to end now. It reads the whole file.
   */
  public static long latestCreatedAt(Path file, RecordFormat format, int maxLineBytes)
      throws IOException {
    long latest = 0;
    try (RecordedPosts posts = open(file, format, maxLineBytes)) {
      for (Activity post = posts.next(); post != null; post = posts.next()) {
        latest = Math.max(latest, post.getCreatedAt());
      }
    }
    return latest;
  }

  /**
   * The next activity, or null at the end.
   *
   * @throws IOException if the input can't be read, or if its format is to be detected and none of
   *     the first lines is of any
   */
  public @Nullable Activity next() throws IOException {
    while (true) {
      int length = lines.next();
      if (length == LineReader.END) {
        if (format == RecordFormat.AUTO && lineCount > blank) {
          throw unknownFormat();
        }
        return null;
      }
      lineCount++;
      if (length == LineReader.TOO_LONG) {
        malformed.merge(RecordFault.LINE_TOO_LONG, 1L, Long::sum);
      } else if (isBlank(lines.line(), length)) {
        blank++;
      } else if (isOfKnownFormat(length)) {
        Activity activity = parse(length);
        if (activity != null) {
          parsed++;
          return threadRoots.complete(activity);
        }
      }
    }
  }

  /** The format; {@link RecordFormat#AUTO} until it is detected. */
  public RecordFormat format() {
    return format;
  }

  /** What became of the lines read so far. */
  public RecordCounts counts() {
    return new RecordCounts(lineCount, blank, parsed, filtered, malformed);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private boolean isOfKnownFormat(int length) throws IOException {
    if (format != RecordFormat.AUTO) {
      return true;
    }
    format = RecordFormat.detect(lines.line(), length);
    if (format != RecordFormat.AUTO) {
      return true;
    }
    if (malformed.merge(RecordFault.UNKNOWN_FORMAT, 1L, Long::sum) >= DETECTION_LINES) {
      throw unknownFormat();
    }
    return false;
  }

  private @Nullable Activity parse(int length) {
    return switch (parser().parse(lines.line(), length)) {
      case ParsedRecord.Accepted(Activity activity) -> activity;
      case ParsedRecord.Filtered(FilterReason reason) -> {
        filtered.merge(reason, 1L, Long::sum);
        yield null;
      }
      case ParsedRecord.Malformed(RecordFault fault) -> {
        malformed.merge(fault, 1L, Long::sum);
        yield null;
      }
    };
  }

  private RecordParser parser() {
    RecordParser known = parser;
    if (known == null) {
      known = format.newParser();
      parser = known;
    }
    return known;
  }

  private static IOException unknownFormat() {
    return new IOException("none of the first lines is of a known format; name it");
  }

  private static boolean isBlank(byte[] line, int length) {
    for (int i = 0; i < length; i++) {
      if (line[i] > ' ' || line[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
