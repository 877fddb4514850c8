package io.thunderhead.serving.graph;

import java.util.List;

/**
 * Whom a user follows. A user that the graph doesn't know follows nobody, which is an answer; not
 * being able to tell is an exception. Any thread may ask.
 */
public interface FollowGraph extends AutoCloseable {
  /** The most that one user may follow: what the service answers exactly. */
  int MAX_FOLLOWS = 100_000;

  /**
   * The distinct users whom {@code userId} follows; the array is the caller's own.
   *
   * @throws FollowGraphException if it can't be told
   */
  long[] following(long userId) throws FollowGraphException;

  /** What is wrong with the graph, in words; empty if nothing is. */
  List<String> check();

  @Override
  void close();
}
