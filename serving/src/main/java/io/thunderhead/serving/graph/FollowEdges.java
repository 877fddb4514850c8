package io.thunderhead.serving.graph;

import java.util.Arrays;

/**
 * An immutable graph in three arrays. The followed users of {@code users[i]} are {@code followed},
 * sorted and distinct, from {@code offsets[i]} to {@code offsets[i + 1]}:
 *
 * <pre>
 *   users     3 | 9
 *   offsets   0 | 2 | 3
 *   followed  5   7 | 3
 * </pre>
 */
final class FollowEdges {
  static final FollowEdges NONE = new FollowEdges(new long[0], new int[1], new long[0]);

  private final long[] users;
  private final int[] offsets;
  private final long[] followed;

  private FollowEdges(long[] users, int[] offsets, long[] followed) {
    this.users = users;
    this.offsets = offsets;
    this.followed = followed;
  }

  /** The graph of the pairs {@code (from[i], to[i])}, in any order, pairs repeated or not. */
  static FollowEdges of(long[] from, long[] to, int count) {
    long[] users = distinct(Arrays.copyOf(from, count));
    int[] starts = new int[users.length + 1];
    int[] userOf = new int[count];
    for (int i = 0; i < count; i++) {
      userOf[i] = Arrays.binarySearch(users, from[i]);
      starts[userOf[i] + 1]++;
    }
    for (int i = 0; i < users.length; i++) {
      starts[i + 1] += starts[i];
    }
    long[] grouped = new long[count];
    int[] at = starts.clone();
    for (int i = 0; i < count; i++) {
      grouped[at[userOf[i]]++] = to[i];
    }
    int[] offsets = new int[users.length + 1];
    int length = 0;
    for (int i = 0; i < users.length; i++) {
      Arrays.sort(grouped, starts[i], starts[i + 1]);
      for (int j = starts[i]; j < starts[i + 1]; j++) {
        if (j == starts[i] || grouped[j] != grouped[j - 1]) {
          // Never ahead of j, so what is still to be compared with is one to the left at most.
          grouped[length++] = grouped[j];
        }
      }
      offsets[i + 1] = length;
    }
    return new FollowEdges(users, offsets, Arrays.copyOf(grouped, length));
  }

  int users() {
    return users.length;
  }

  int edges() {
    return followed.length;
  }

  /** How many a user follows. */
  int count(long user) {
    int i = Arrays.binarySearch(users, user);
    return i < 0 ? 0 : offsets[i + 1] - offsets[i];
  }

  long[] following(long user) {
    int i = Arrays.binarySearch(users, user);
    return i < 0 ? new long[0] : Arrays.copyOfRange(followed, offsets[i], offsets[i + 1]);
  }

  private static long[] distinct(long[] values) {
    Arrays.sort(values);
    int length = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        values[length++] = values[i];
      }
    }
    return Arrays.copyOf(values, length);
  }
}
