package io.thunderhead.systemtests.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock of its own for a process, through libfaketime where that is installed. It can be
 * moved while the process runs; waiting goes by another clock, which is left alone.
 */
final class Clock {
  private static final Path LIBRARIES = Path.of("/usr/lib");

  private final Path offset;
  private final Optional<Path> library;

  Clock(Path directory) throws IOException {
    offset = directory.resolve("clock");
    try (Stream<Path> files =
        Files.find(LIBRARIES, 3, (file, _) -> file.endsWith("libfaketimeMT.so.1"))) {
      library = files.findFirst();
    }
  }

  boolean canBeMoved() {
    return library.isPresent();
  }

  /** Moves the clock of every process that was started with {@link #environment}. */
  void set(String by) throws IOException {
    Files.writeString(offset, by);
  }

  Map<String, String> environment() throws IOException {
    set("+0");
    return Map.of(
        "LD_PRELOAD",
        library.orElseThrow().toString(),
        "FAKETIME_TIMESTAMP_FILE",
        offset.toString(),
        "FAKETIME_CACHE_DURATION",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1");
  }
}
