package io.thunderhead.pipeline.transform;

import io.thunderhead.protocol.MalformedEventException;
import org.jspecify.annotations.Nullable;

/**
 * Turns one event of an input format into one of the in-network topic. A flyweight: what it answers
 * is that of the last {@link #decode}; used by one thread, allocates nothing per event.
 */
interface EventDecoder {
  /**
   * Decodes the event that is exactly these bytes.
   *
   * @return null if it is to be written, else why not
   * @throws MalformedEventException if it is bad: it belongs to the dead letters
   */
  @Nullable FilterReason decode(byte[] src, int offset, int length, long nowMs)
      throws MalformedEventException;

  /** The encoded {@code InNetworkEvent}, from 0 to {@link #outputLength}. */
  byte[] output();

  int outputLength();

  /** What the event is ordered by: its author, or the post if the author is not known. */
  long keyId();

  /** When it happened, in UNIX milliseconds, or 0 if it doesn't say. */
  long eventTimeMs();
}
