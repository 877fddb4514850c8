package io.thunderhead.store;

/** What became of a delete given to {@link PostStore#delete}. */
public enum DeleteOutcome {
  /** The post was held and is gone. */
  APPLIED,

  /** No such post is held; its id is remembered. */
  RECORDED,

  /** The id was deleted before; the longer of the two tombstones stands. */
  DUPLICATE,

  /** No such post is held, and the tombstone would be over already. */
  EXPIRED,

  /** The post id is not positive. */
  INVALID,

  /** The post is gone if it was held, but no room is left to remember its id. */
  FULL
}
