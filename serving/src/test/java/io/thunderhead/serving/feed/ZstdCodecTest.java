package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ZstdCodecTest {
  private final ZstdCodec codec = new ZstdCodec(1);

  @Test
  void decompress_whatWasCompressed_isTheSame() throws IOException {
    byte[] message = new byte[300_000];
    new Random(1).nextBytes(message);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = codec.compress(compressed)) {
      out.write(message);
    }
    try (InputStream in = codec.decompress(new ByteArrayInputStream(compressed.toByteArray()))) {
      assertThat(in.readAllBytes()).isEqualTo(message);
    }
  }

  @Test
  void decompress_frameWithAnEnormousWindow_isRefused() throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStreamNoFinalizer(compressed, 1).setLong(27)) {
      out.write(new byte[1_000]);
      out.flush(); // Without it the frame would know its size and need no window.
      out.write(new byte[1_000]);
    }
    try (InputStream in = codec.decompress(new ByteArrayInputStream(compressed.toByteArray()))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  @Test
  void decompress_garbage_isAnError() throws IOException {
    try (InputStream in = codec.decompress(new ByteArrayInputStream(new byte[] {1, 2, 3, 4, 5}))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
  }
}
