package io.thunderhead.pipeline.transform;

import java.util.Locale;

/** Why a well-formed event has nothing to say to readers of the in-network topic. */
enum FilterReason {
  /** A record without a value. */
  NULL,
  /** A post that is shown to nobody's followers. */
  NULLCAST,
  /** An undelete, a takedown or another event that is not ours to handle. */
  OTHER_EVENT,
  /** The delete of a quoted post, where the setting is to keep the posts that quote it. */
  QUOTED_DELETE,
  /** An activity that was here before and comes again only because its enrichments were late. */
  LATE_REVISION;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** As metrics and the ledger name it. */
  String label() {
    return label;
  }
}
