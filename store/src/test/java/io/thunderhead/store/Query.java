package io.thunderhead.store;

/** Makes queries for tests. */
final class Query {
  private Query() {}

  static ReadQuery of(long... follows) {
    ReadQuery query = new ReadQuery();
    query.follows = follows;
    query.followCount = follows.length;
    query.maxResults = 1000;
    return query;
  }

  static ReadQuery videos(long... follows) {
    ReadQuery query = of(follows);
    query.video = true;
    return query;
  }

  static ReadQuery excluding(ReadQuery query, long... excludes) {
    query.excludes = excludes;
    query.excludeCount = excludes.length;
    return query;
  }
}
