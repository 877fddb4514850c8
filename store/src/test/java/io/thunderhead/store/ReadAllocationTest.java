package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that has grown to its queries allocates nothing, however many authors they follow. */
@Timeout(60)
final class ReadAllocationTest {
  private static final long NOW = 1_000_000;
  private static final int AUTHORS = 5_000;
  private static final int READS = 200;

  /** Room for what the JVM itself may book on the thread; a word per author would be 40,000. */
  private static final long NEGLIGIBLE_BYTES = 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final PostStore store = new PostStore(StoreConfig.defaults());
  private final PostReader reader = store.newReader();

  @Test
  void read_ofManyFollows_allocatesNoMoreThanOfFew() {
    for (long author = 1; author <= AUTHORS; author++) {
      for (int i = 0; i < 3; i++) {
        PostFields post = new PostFields();
        post.postId = author * 10 + i;
        post.authorId = author;
        post.createdAt = NOW - author * 7919 % 1000 - i;
        post.encoded = new byte[40];
        post.encodedLength = 40;
        store.create(post, NOW);
      }
    }
    for (int follows : new int[] {10, 200, 1000, AUTHORS}) {
      assertThat(bytesPerRead(follows)).as("%d follows", follows).isLessThan(NEGLIGIBLE_BYTES);
    }
  }

  private long bytesPerRead(int follows) {
    ReadQuery query = new ReadQuery();
    query.follows = new long[follows];
    query.followCount = follows;
    for (int i = 0; i < follows; i++) {
      query.follows[i] = i + 1L;
    }
    query.maxResults = 400;
    run(query);
    long before = threads.getCurrentThreadAllocatedBytes();
    long posts = run(query);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(posts).isEqualTo((long) READS * Math.min(400, 3 * follows));
    return allocated / READS;
  }

  private long run(ReadQuery query) {
    long posts = 0;
    for (int i = 0; i < READS; i++) {
      posts += reader.read(query, NOW, StopSignal.NEVER).count();
    }
    return posts;
  }
}
