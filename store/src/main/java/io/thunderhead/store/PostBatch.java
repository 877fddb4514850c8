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
  private final long[] postHashes = new long[CAPACITY];
  private final long[] authorHashes = new long[CAPACITY];
  private final long[] otherHashes = new long[CAPACITY];
  private final long[] locatedPosts = new long[CAPACITY];
  private final long[] locatedAuthors = new long[CAPACITY];
  private final long[] locatedOthers = new long[CAPACITY];
  private final long[] lists = new long[CAPACITY];
  private int size;
  private @Nullable AuthorTable epochOf;
  private ReaderEpochs.@Nullable Reader epoch;

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

  /** Known since {@link #touch} or {@link #hash}. */
  long postHash(int i) {
    return postHashes[i];
  }

  /** Known since {@link #touch} or {@link #hash}. */
  long authorHash(int i) {
    return authorHashes[i];
  }

  void applied(int i, CreateOutcome outcome) {
    outcomes[i] = outcome;
  }

  /** Forgets the posts that have not been applied. */
  public void clear() {
    size = 0;
  }

  /** The hashes alone. */
  void hash() {
    for (int i = 0; i < size; i++) {
      postHashes[i] = IdHash.of(posts[i].postId);
      authorHashes[i] = IdHash.of(posts[i].authorId);
    }
  }

  /**
   * Loads what applying the posts will look at, one step of the way for all of them at a time. As a
   * reader, so that others write meanwhile.
   */
  void touch(PostIndex index, AuthorTable authors, PostBlocks blocks) {
    ReaderEpochs.Reader reader = epoch;
    if (reader == null || epochOf != authors) {
      reader = authors.newReader();
      epoch = reader;
      epochOf = authors;
    }
    reader.begin();
    try {
      look(index, authors, blocks);
    } finally {
      reader.end();
    }
  }

  private void look(PostIndex index, AuthorTable authors, PostBlocks blocks) {
    for (int i = 0; i < size; i++) {
      PostFields post = posts[i];
      long other = other(post);
      postHashes[i] = IdHash.of(post.postId);
      authorHashes[i] = IdHash.of(post.authorId);
      otherHashes[i] = IdHash.of(other == 0 ? post.postId : other);
      locatedPosts[i] = index.locate(postHashes[i]);
      locatedAuthors[i] = authors.locate(authorHashes[i]);
      locatedOthers[i] = index.locate(otherHashes[i]);
    }
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += authors.touch(locatedAuthors[i]);
      sum += index.touch(locatedPosts[i]);
      sum += index.touch(locatedOthers[i]);
    }
    for (int i = 0; i < size; i++) {
      int author = authors.get(posts[i].authorId, authorHashes[i]);
      int kind = Timelines.kind(PostBlock.flags(posts[i]));
      lists[i] = author == AuthorHeaders.NONE ? Timelines.EMPTY : authors.timeline(author, kind);
    }
    for (int i = 0; i < size; i++) {
      long other = other(posts[i]);
      if (other != 0) {
        int slot = index.find(other, otherHashes[i]);
        sum += blocks.touch(slot) + blocks.touchState(slot);
      }
    }
    Timelines timelines = authors.timelines();
    for (int i = 0; i < size; i++) {
      sum += timelines.newest(lists[i], Timelines.width(Timelines.kind(PostBlock.flags(posts[i]))));
    }
    touched += sum;
  }

  private static long other(PostFields post) {
    return post.inReplyToPostId != 0 ? post.inReplyToPostId : post.sourcePostId;
  }
}
