package io.thunderhead.log.read;

/**
 * One partition's progress at one moment. Offsets are -1 while not known.
 *
 * @param partition its number
 * @param startOffset where reading began
 * @param targetOffset the end when reading began: applied up to here is caught up
 * @param appliedOffset everything below is applied
 * @param endOffset the end, as last answered
 * @param asOfMs everything logged before this is applied; UNIX milliseconds, 0 while not known
 * @param gap true while events are missing that the log no longer had
 */
public record PartitionState(
    int partition,
    long startOffset,
    long targetOffset,
    long appliedOffset,
    long endOffset,
    long asOfMs,
    boolean gap) {

  /** True once everything is applied that the log held when reading began. */
  public boolean caughtUp() {
    return targetOffset >= 0 && appliedOffset >= targetOffset;
  }

  /** Records not yet applied, as far as known. */
  public long lag() {
    return appliedOffset < 0 ? Math.max(0, endOffset) : Math.max(0, endOffset - appliedOffset);
  }
}
