package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file of records, plain or gzip, or standard input. The cursor is the number of lines read, by
 * which a file is gone on with after a crash; standard input can't be read twice.
 */
public final class FileFirehose implements Firehose {
  private final @Nullable Path file;
  private final InputStream standardInput;
  private final int maxLineBytes;

  private FileFirehose(@Nullable Path file, InputStream standardInput, int maxLineBytes) {
    this.file = file;
    this.standardInput = standardInput;
    this.maxLineBytes = maxLineBytes;
  }

  public static FileFirehose of(Path file, int maxLineBytes) {
    return new FileFirehose(file, InputStream.nullInputStream(), maxLineBytes);
  }

  public static FileFirehose of(InputStream standardInput, int maxLineBytes) {
    return new FileFirehose(null, standardInput, maxLineBytes);
  }

  @Override
  public String name() {
    return file == null ? "-" : "file:" + file.getFileName();
  }

  @Override
  public boolean live() {
    return false;
  }

  @Override
  public int connections() {
    return 1;
  }

  @Override
  public FirehoseConnection connect(int connection, long cursor) throws IOException {
    Path source = file;
    if (source == null) {
      return new LineConnection(standardInput, maxLineBytes, counter());
    }
    if (!Files.isReadable(source)) {
      throw new RefusedException("no readable file " + source);
    }
    LineConnection lines =
        new LineConnection(Files.newInputStream(source), maxLineBytes, counter());
    try {
      for (long line = 0; line < cursor && lines.next() != null; line++) {}
    } catch (IOException e) {
      lines.close();
      throw e;
    }
    return lines;
  }

  private static LongSupplier counter() {
    return new LongSupplier() {
      private long lines;

      @Override
      public long getAsLong() {
        return ++lines;
      }
    };
  }
}
