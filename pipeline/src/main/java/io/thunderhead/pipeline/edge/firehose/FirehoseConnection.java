package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection to a publisher, read by one thread; any thread may close it. */
public interface FirehoseConnection extends AutoCloseable {
  /**
   * Waits for the next frame; its bytes are overwritten by the one after.
   *
   * @return null at the end of the stream
   * @throws IOException if the connection broke, or was silent for longer than it may
   */
  @Nullable Frame next() throws IOException, InterruptedException;

  /** How much of the time since the cursor the publisher was not asked for again, in ms. */
  default long uncoveredMs() {
    return 0;
  }

  /** Ends the connection; a thread that waits in {@link #next} gets an exception or the end. */
  @Override
  void close();
}
