package io.thunderhead.benchmarks.feed;

/** The servers that are held against each other; each runs in a process of its own. */
enum ServerKind {
  /** Thunderhead's own server over a full store. */
  OURS("ours"),
  /** The same store, thread hand-over and network; request and answer as generated messages. */
  GENERATED("generated classes"),
  /** Answers with as many bytes, on the network's thread: nothing can be faster here. */
  CEILING("ceiling"),
  /** The ceiling with the same hand-over to another thread as the first two. */
  HANDED_OVER("ceiling with hand-over");

  private final String words;

  ServerKind(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
