package io.thunderhead.benchmarks.store;

import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;

/** Reads of our store, up to the encoded answer. */
final class OurReads implements Reads {
  private final PostReader reader;
  private long nowSeconds;
  private byte[] answer = new byte[1 << 20];

  OurReads(PostStore store, long nowSeconds) {
    reader = store.newReader();
    this.nowSeconds = nowSeconds;
  }

  void now(long seconds) {
    nowSeconds = seconds;
  }

  @Override
  public int answer(ReadQuery query) {
    return encoded(result(query));
  }

  ReadResult result(ReadQuery query) {
    return reader.read(query, nowSeconds, StopSignal.NEVER);
  }

  /** Copies an answer out; returns its length. */
  int encoded(ReadResult result) {
    int length = result.encodedLength();
    if (answer.length < length) {
      answer = new byte[length * 2];
    }
    result.copyTo(answer, 0);
    return length;
  }

  byte[] buffer() {
    return answer;
  }
}
