package io.thunderhead.log.write;

/**
 * How events that share a record lie in it. Filled again and again; not thread-safe.
 *
 * <p>Whoever fills it asks {@link #canShare} and {@link #fits} before {@link #add}.
 */
interface Frame {
  /** False for an event that a reader could not tell from its neighbours: it must go alone. */
  boolean canShare(byte[] src, int offset, int length);

  /** True if an event of this length still has room; if it has none in an empty frame, never. */
  boolean fits(int length);

  void add(byte[] src, int offset, int length);

  /** Events added since the last {@link #clear}. */
  int events();

  /** The events as the value of one record, in a fresh array. */
  byte[] toRecord();

  void clear();
}
