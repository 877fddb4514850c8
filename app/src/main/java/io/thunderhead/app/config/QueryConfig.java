package io.thunderhead.app.config;

import java.util.List;

/**
 * One question to a serving node.
 *
 * @param user the requester, 0 for nobody in particular
 * @param max 0 for the node's default
 */
public record QueryConfig(
    String address,
    long user,
    List<Long> following,
    List<Long> exclude,
    boolean video,
    int max,
    boolean json) {
  public QueryConfig {
    if (!address.matches(".+:\\d{1,5}")) {
      throw new IllegalArgumentException("--addr must be HOST:PORT, not '" + address + "'");
    }
    Limits.atLeast("user", user, 0);
    Limits.atLeast("max", max, 0);
    following = List.copyOf(following);
    exclude = List.copyOf(exclude);
    following.forEach(id -> Limits.atLeast("following", id, 1));
    exclude.forEach(id -> Limits.atLeast("exclude", id, 1));
  }
}
