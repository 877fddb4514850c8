package io.thunderhead.serving.feed;

import java.util.Arrays;

/**
 * The ids of one list of a request. Repetitions cost no room beyond twice the limit, however many a
 * caller sends, because they are dropped when that is full; what remains need not be in the
 * caller's order. Not thread-safe; reused from request to request.
 */
final class IdList {
  /** Room that is kept between requests; a rare longer list gives its room back. */
  private static final int KEPT = 1 << 14;

  private final String field;
  private final int limit;
  private long[] ids = new long[64];
  private int count;

  IdList(String field, int limit) {
    this.field = field;
    this.limit = limit;
  }

  void clear() {
    count = 0;
    if (ids.length > KEPT) {
      ids = new long[64];
    }
  }

  void add(long id) throws InvalidRequestException {
    if (id <= 0) {
      throw new InvalidRequestException(field + ": ids must be above 0 and below 2^63");
    }
    if (count == 2 * limit) {
      dropRepetitions();
    }
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, Math.min(2 * limit, 2 * count));
    }
    ids[count++] = id;
  }

  /** To be called after the last id. */
  void end() throws InvalidRequestException {
    if (count > limit) {
      dropRepetitions();
    }
  }

  /** Takes ids that are known to be distinct and within the limit. */
  void set(long[] distinct) {
    ids = distinct.length == 0 ? new long[64] : distinct;
    count = distinct.length;
  }

  long[] ids() {
    return ids;
  }

  int count() {
    return count;
  }

  private void dropRepetitions() throws InvalidRequestException {
    Arrays.sort(ids, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || ids[i] != ids[i - 1]) {
        ids[kept++] = ids[i];
      }
    }
    count = kept;
    if (count > limit) {
      throw new InvalidRequestException(field + ": more than " + limit + " distinct ids");
    }
  }
}
