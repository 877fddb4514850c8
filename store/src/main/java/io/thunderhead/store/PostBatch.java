package io.thunderhead.store;

import org.jspecify.annotations.Nullable;

/**
 * A few posts on their way into the store together, in their order: a carrier that its caller fills
 * and reuses, one thread at a time. The outcome of each is what {@link PostStore#create} would have
 * said of it.
 *
 * <p>What a batch saves is waiting: everything that its posts will need is loaded first, all of
 * them at once, and each post then finds it near.
 */
public final class PostBatch {
  /** Most posts of a batch. */
  public static final int CAPACITY = 32;

  private final PostFields[] posts = new PostFields[CAPACITY];
  private final CreateOutcome[] outcomes = new CreateOutcome[CAPACITY];
  private final @Nullable Author[] authors = new @Nullable Author[CAPACITY];
  private int size;

  /** Where the sum of what was touched goes, so that the touches are not optimized away. */
  long touched;

  public PostBatch() {
    for (int i = 0; i < CAPACITY; i++) {
      posts[i] = new PostFields();
    }
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size == CAPACITY;
  }

  /**
   * The carrier of the next post, as its last user left it; it is part of the batch from now on.
   */
  public PostFields add() {
    if (size == CAPACITY) {
      throw new IllegalStateException("a batch takes " + CAPACITY + " posts");
    }
    return posts[size++];
  }

  /** What became of a post of the batch that was applied last. */
  public CreateOutcome outcome(int i) {
    return outcomes[i];
  }

  PostFields post(int i) {
    return posts[i];
  }

  void applied(int i, CreateOutcome outcome) {
    outcomes[i] = outcome;
  }

  /** Forgets the posts that have not been applied. */
  public void clear() {
    size = 0;
  }

  /** Loads what applying the posts will look at, one step of the way for all of them at a time. */
  void touch(PostIndex index, AuthorTable table, PostBlocks blocks) {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += table.touch(IdHash.of(posts[i].authorId));
      sum += index.touch(IdHash.of(posts[i].postId));
      long other = other(posts[i]);
      sum += other == 0 ? 0 : index.touch(IdHash.of(other));
    }
    for (int i = 0; i < size; i++) {
      long word = table.find(posts[i].authorId, IdHash.of(posts[i].authorId));
      Author author = word == 0 ? null : table.byNumber(AuthorTable.number(word));
      authors[i] = author;
      sum += author == null ? 0 : author.id;
      long other = other(posts[i]);
      sum += other == 0 ? 0 : blocks.touch(index.find(other));
    }
    for (int i = 0; i < size; i++) {
      Author author = authors[i];
      sum += author == null ? 0 : AuthorTimeline.view(timeline(author, posts[i]));
    }
    for (int i = 0; i < size; i++) {
      Author author = authors[i];
      sum +=
          author == null ? 0 : AuthorTimeline.newest(timeline(author, posts[i]), width(posts[i]));
      authors[i] = null;
    }
    touched += sum;
  }

  private static long other(PostFields post) {
    return post.inReplyToPostId != 0 ? post.inReplyToPostId : post.sourcePostId;
  }

  private static long[] timeline(Author author, PostFields post) {
    return author.timeline(Author.kind(PostBlock.flags(post)));
  }

  private static int width(PostFields post) {
    return Author.width(Author.kind(PostBlock.flags(post)));
  }
}
