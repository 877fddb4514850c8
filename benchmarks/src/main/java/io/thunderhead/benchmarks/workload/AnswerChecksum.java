package io.thunderhead.benchmarks.workload;

/**
 * Sums over the answers of many queries, one of the ordered ids and one of the encoded bytes. The
 * order of the queries does not matter, that within an answer does.
 */
public final class AnswerChecksum {
  private long ids;
  private long bytes;
  private long answer;

  /** Begins an answer. */
  public void begin() {
    answer = 0;
  }

  /** The next post of the answer. */
  public void id(long postId) {
    answer = SplitMix.mix(answer ^ postId);
  }

  /** Ends the answer with its encoded form. */
  public void end(byte[] encoded, int length) {
    ids += answer;
    long h = 0;
    for (int i = 0; i < length; i++) {
      h = h * 31 + (encoded[i] & 0xFF);
    }
    bytes += SplitMix.mix(h);
  }

  public String ids() {
    return "%016x".formatted(ids);
  }

  public String bytes() {
    return "%016x".formatted(bytes);
  }
}
