package io.thunderhead.benchmarks.restart;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that reads one file and ends: what no start from that file can be quicker than. */
public final class FileRead {
  private static final int CHUNK = 1 << 20;

  private FileRead() {}

  public static void main(String[] args) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    long bytes = 0;
    try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ)) {
      for (int count = file.read(buffer); count >= 0; count = file.read(buffer.clear())) {
        bytes += count;
      }
    }
    System.out.println("READY " + bytes);
  }
}
