package io.thunderhead.store;

/**
 * Which replies are worth showing: Thunder's rule, exactly. A parent that is not held (never seen,
 * deleted, past the retention, pushed out) makes its replies ineligible, as things stand at the
 * read.
 *
 * <ol>
 *   <li>A reply to no post, only to a user, is shown.
 *   <li>A reply to a post that is neither reply nor retweet is shown, whoever wrote that.
 *   <li>A reply to a reply to the root of its own conversation is shown if the user replied to is
 *       followed.
 *   <li>No other is.
 * </ol>
 */
final class ReplyRule {
  private ReplyRule() {}

  /**
   * What a live parent says about a reply of this conversation, one of the facts of {@link
   * Relation}.
   */
  static int fact(PostBlock parent, int unit, long conversationId) {
    if ((parent.flags(unit) & (PostBlock.REPLY | PostBlock.RETWEET)) == 0) {
      return Relation.PARENT_IS_ORIGINAL;
    }
    return conversationId != 0 && parent.inReplyToPostId(unit) == conversationId
        ? Relation.PARENT_IS_FIRST_REPLY
        : Relation.TOO_DEEP;
  }
}
