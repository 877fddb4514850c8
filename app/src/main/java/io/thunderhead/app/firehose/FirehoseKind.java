package io.thunderhead.app.firehose;

/**
 * What a synthetic event is, and how many of a thousand are. Replies, retweets and deletes need a
 * post to be about; as long as there is none yet, an original takes their place.
 */
public enum FirehoseKind {
  /** A post of its own. */
  ORIGINAL(440),
  /** A reply to a recent post, in its thread. */
  REPLY(230),
  /** A reply that only mentions a user: it names no post. */
  MENTION(20),
  /** A retweet of a recent post that is no retweet itself. */
  RETWEET(180),
  /** A post with one video of at least five seconds. */
  VIDEO(50),
  /** A post with one video of less than five seconds. */
  SHORT_VIDEO(15),
  /** A post that no follower may see. */
  NULLCAST(15),
  /** The delete of a recent post; one in ten doesn't say whose it was. */
  DELETE(30),
  /** The delete of a post that a recent one quotes. */
  QUOTED_DELETE(5),
  /** An undelete or a takedown. */
  OTHER(10),
  /** An event that must be dead-lettered. */
  MALFORMED(5);

  private final int perThousand;

  FirehoseKind(int perThousand) {
    this.perThousand = perThousand;
  }

  /** How many of a thousand events are of this kind, in the long run. */
  public int perThousand() {
    return perThousand;
  }
}
