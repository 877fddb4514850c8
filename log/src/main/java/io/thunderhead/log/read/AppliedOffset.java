package io.thunderhead.log.read;

/**
 * How far one partition is applied, to go on from there in another process.
 *
 * @param partition its number
 * @param offset everything below is applied
 * @param leaderEpoch of the last record read, by which the broker notices that the log was cut
 *     since; −1 if not known
 * @param gapUntilMs until when it matters that events before the offset were missing in the log; 0
 *     if none were
 */
public record AppliedOffset(int partition, long offset, int leaderEpoch, long gapUntilMs) {
  public AppliedOffset {
    if (partition < 0 || offset < 0 || leaderEpoch < -1 || gapUntilMs < 0) {
      throw new IllegalArgumentException(
          "not an applied offset: partition %d, offset %d, leader epoch %d, gap until %d"
              .formatted(partition, offset, leaderEpoch, gapUntilMs));
    }
  }
}
