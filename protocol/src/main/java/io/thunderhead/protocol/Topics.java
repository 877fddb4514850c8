package io.thunderhead.protocol;

/**
 * The names of our topics. They are defaults: every role takes other names as flags, and a dead
 * letter always goes to the topic named after the one that it was read from.
 */
public final class Topics {
  /** Thrift {@code TweetEvent}s, one per record: the legacy firehose. */
  public static final String TWEET_EVENTS = "tweet_events";

  /** {@code InNetworkEvent}s keyed by author, plain or packed: what serving nodes replay. */
  public static final String IN_NETWORK_EVENTS = "in_network_events";

  /** Publishers' posts as the edge took them in. */
  public static final String ACTIVITIES = "activities";

  /** Activities with what the enrichment workers found out about them. */
  public static final String ENRICHED_ACTIVITIES = "enriched_activities";

  /** Enrichments that missed their activity and are worked off later. */
  public static final String LATE_ENRICHMENTS = "late_enrichments";

  private Topics() {}

  /** The topic that keeps what could not be handled on {@code topic}, for ever. */
  public static String deadLetters(String topic) {
    return topic + ".dead_letters";
  }
}
