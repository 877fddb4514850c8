package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The real store behind the contract; every read is checked for what must hold of any answer. */
final class StoreSubject implements PostStoreContract.Subject {
  final PostStore store;
  private final PostReader reader;

  StoreSubject(StoreConfig config) {
    store = new PostStore(config);
    reader = store.newReader();
  }

  @Override
  public CreateOutcome create(Post post, long now) {
    return store.create(post.fields(), now);
  }

  @Override
  public DeleteOutcome delete(long id, long author, long deletedAt, long recordTime, long now) {
    return store.delete(id, author, deletedAt, recordTime, now);
  }

  @Override
  public void trim(long now) {
    while (store.trim(now, 3) > 0) {
      // In small steps on purpose.
    }
  }

  @Override
  public void clear() {
    store.clear();
  }

  @Override
  public List<Long> read(ReadQuery query, long now) {
    ReadResult result = reader.read(query, now, StopSignal.NEVER);
    assertThat(result.stopped()).isFalse();
    assertThat(result.authorsSearched()).isEqualTo(result.authorsRequested());
    return checked(result, query);
  }

  /**
   * The ids of an answer in order, and each with its own encoded form, of a followed author, none
   * excluded, none twice.
   */
  static List<Long> checked(ReadResult result, ReadQuery query) {
    byte[] encoded = new byte[result.encodedLength()];
    result.copyTo(encoded, 0);
    List<Long> ids = new ArrayList<>();
    Set<Long> follows = new HashSet<>();
    Arrays.stream(query.follows, 0, query.followCount).forEach(follows::add);
    Set<Long> excludes = new HashSet<>();
    Arrays.stream(query.excludes, 0, query.excludeCount).forEach(excludes::add);
    for (int i = 0; i < result.count(); i++) {
      long id = result.postId(i);
      byte[] framed = Post.encoded(id, result.authorId(i), result.createdAt(i));
      int at = result.encodedOffset(i);
      assertThat(Arrays.copyOfRange(encoded, at, at + result.encodedLength(i)))
          .isEqualTo(Arrays.copyOfRange(framed, 3, framed.length - 1));
      assertThat(follows.contains(result.authorId(i))).as("follows the author of %s", id).isTrue();
      assertThat(excludes.contains(id)).as("excludes %s", id).isFalse();
      ids.add(id);
      if (i > 0) {
        boolean ordered =
            result.createdAt(i - 1) > result.createdAt(i)
                || (result.createdAt(i - 1) == result.createdAt(i) && result.postId(i - 1) > id);
        assertThat(ordered).as("newest first at %s", i).isTrue();
      }
    }
    assertThat(ids).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(Math.max(0, query.maxResults));
    assertThat(result.scored().posts()).isEqualTo(result.count());
    return ids;
  }
}
