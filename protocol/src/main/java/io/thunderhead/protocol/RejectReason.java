package io.thunderhead.protocol;

import java.util.Locale;

/**
 * Why an event is bad: the closed set that dead letters carry and metrics count by. A reason says
 * what is wrong with the event's bytes, never what went wrong while handling them.
 */
public enum RejectReason {
  /** Not a struct of Thrift's binary protocol: cut short, a bad type, a size beyond the record. */
  NOT_THRIFT,
  /** Structs or containers nested deeper than a reader follows. */
  TOO_DEEP,
  /** Bytes after the end of the event. */
  TRAILING_BYTES,
  /** Not a message of protobuf's wire format. */
  NOT_PROTOBUF,
  /** A {@code TweetEvent} without data, or whose data holds no event. */
  NO_DATA,
  /** A {@code TweetEvent} whose data holds more than one event. */
  SEVERAL_EVENTS,
  /** A create or a delete without its tweet. */
  NO_TWEET,
  /** No post id. */
  NO_ID,
  /** An id of zero or below, wherever one is given. */
  BAD_ID,
  /** A create without an author. */
  NO_AUTHOR,
  /** A create whose user and whose tweet name different authors. */
  AUTHOR_MISMATCH,
  /** A create without a time of creation, or with one of zero or below. */
  NO_CREATED_AT,
  /** A create from further in the future than clocks may differ. */
  CREATED_IN_FUTURE,
  /** An {@code InNetworkEvent} without a variant. */
  NO_VARIANT,
  /** An {@code InNetworkEvent} with none but variants that are not known here. */
  UNKNOWN_VARIANT,
  /** A packed record whose count or lengths don't fill it exactly. */
  BAD_PACK_FRAME,
  /** A packed record whose checksum is not that of its bytes. */
  BAD_PACK_CHECKSUM,
  /** A record whose packing header has a value that is not known here. */
  UNKNOWN_PACKING,
  /** An activity without a verb that is known here. */
  NO_VERB,
  /** An event that its output topic takes at no size. */
  TOO_LARGE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The reason as metrics and the {@code reason} header of a dead letter name it: snake_case. */
  public String label() {
    return label;
  }
}
