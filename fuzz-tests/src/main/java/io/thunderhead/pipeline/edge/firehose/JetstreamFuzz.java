package io.thunderhead.pipeline.edge.firehose;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdCompressCtx;
import io.thunderhead.fuzz.Bounds;
import java.time.Duration;
import java.util.Arrays;

/**
 * Jetstream's compressed frames: each input as a frame, and compressed as one, since no fuzzer
 * would guess that. A frame is a record of at most so many bytes, whatever it says that it inflates
 * to, or it is undecodable; one of ours comes back as it was.
 */
public final class JetstreamFuzz {
  private static final Bounds BOUNDS = new Bounds(64 << 10, 40);
  private static final int MAX_BYTES = 64 << 10;
  private static final byte[] DICTIONARY =
      """
      {"did":"did:plc:","time_us":1780000000000000,"kind":"commit","commit":{"operation":"create",\
      "collection":"app.bsky.feed.post","rkey":"","record":{"createdAt":"2026-01-01T00:00:00Z"}}}\
      """
          .getBytes(UTF_8);
  private static final ZstdCompressCtx COMPRESSOR = new ZstdCompressCtx().loadDict(DICTIONARY);
  private static final JetstreamConnection CONNECTION =
      new JetstreamConnection(MAX_BYTES, Duration.ofSeconds(30), DICTIONARY, 0);

  private JetstreamFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    BOUNDS.hold(input, () -> frame(input));
    byte[] compressed = COMPRESSOR.compress(input);
    BOUNDS.hold(
        input,
        () -> {
          Frame back = frame(compressed);
          if (back.kind() != Frame.Kind.RECORD
              || !Arrays.equals(back.bytes(), 0, back.length(), input, 0, input.length)) {
            throw new AssertionError("a frame did not come back as it was: " + back.kind());
          }
        });
  }

  private static Frame frame(byte[] bytes) {
    Frame frame = CONNECTION.decompressed(bytes);
    if (frame.kind() != Frame.Kind.RECORD && frame.kind() != Frame.Kind.UNDECODABLE) {
      throw new AssertionError("a compressed frame became " + frame.kind());
    }
    if (frame.cursor() < 0) {
      throw new AssertionError("the cursor went to " + frame.cursor());
    }
    return frame;
  }
}
