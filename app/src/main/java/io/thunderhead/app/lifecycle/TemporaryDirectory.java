package io.thunderhead.app.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is gone with everything in it once closed. */
public record TemporaryDirectory(Path path) implements AutoCloseable {
  /** A new one, whose name begins with {@code thunderhead-} and what it is for. */
  public static TemporaryDirectory create(String purpose) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory("thunderhead-" + purpose + "-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(path)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
