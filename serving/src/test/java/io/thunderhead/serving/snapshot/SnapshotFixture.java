package io.thunderhead.serving.snapshot;

import io.thunderhead.log.read.AppliedOffset;
import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** A store with posts of every kind and tombstones, and snapshots of it. */
final class SnapshotFixture {
  static final long NOW = 1_800_000_000;
  static final InstantSource CLOCK = () -> Instant.ofEpochSecond(NOW);
  static final StoreConfig LIMITS = StoreConfig.defaults();
  static final String TOPIC = "in_network_events";
  static final Uuid TOPIC_ID = new Uuid(0x1234_5678_9abcL, 42);

  private SnapshotFixture() {}

  static AppliedOffsets offsets(long first) {
    return new AppliedOffsets(
        TOPIC_ID,
        List.of(
            new AppliedOffset(0, first, 3, 0), new AppliedOffset(1, 7, -1, 1_800_000_100_000L)));
  }

  /** Posts 1 to {@code posts} of seven authors, of which every tenth is deleted. */
  static PostStore store(int posts) {
    PostStore store = new PostStore(LIMITS);
    for (int id = 1; id <= posts; id++) {
      store.create(post(id), NOW);
    }
    for (int id = 10; id <= posts; id += 10) {
      store.delete(id, 0, NOW - 5, NOW, NOW);
    }
    store.delete(9_999_999, 0, NOW - 6, NOW, NOW);
    return store;
  }

  static PostFields post(int id) {
    PostFields post = new PostFields();
    post.postId = id;
    post.authorId = 100L + id % 7;
    post.createdAt = NOW - 100_000 + id;
    switch (id % 5) {
      case 1 -> {
        post.isReply = true;
        post.inReplyToPostId = Math.max(1, id - 1);
        post.inReplyToUserId = 100L + id % 3;
        post.conversationId = Math.max(1, id - 2);
      }
      case 2 -> {
        post.isRetweet = true;
        post.sourcePostId = Math.max(1, id - 2);
        post.sourceUserId = 101;
      }
      case 3 -> post.hasVideo = true;
      case 4 -> post.isReply = true;
      default -> post.conversationId = id;
    }
    post.encoded = new byte[20 + id % 100];
    java.util.Arrays.fill(post.encoded, (byte) id);
    post.encodedLength = post.encoded.length;
    return post;
  }

  static SnapshotHeader header() {
    return SnapshotHeader.of(NOW * 1000, TOPIC, offsets(500), LIMITS);
  }

  static SnapshotSize write(PostStore store, Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SnapshotWriter writer = new SnapshotWriter(file, header(), () -> false, new Pace(1, 0));
      store.walk(writer);
      return writer.finish(store.evictedBefore());
    }
  }

  /** Loads all of a file, or throws. */
  static PostStore load(Path path) throws RefusedSnapshotException, InterruptedException {
    PostStore store = new PostStore(LIMITS);
    try (SnapshotFile file = SnapshotFile.open(path)) {
      file.header().check(TOPIC, LIMITS);
      new SnapshotLoader(store, CLOCK, () -> false).load(file, 2);
      return store;
    } catch (IOException e) {
      throw SnapshotFile.unreadable(e);
    }
  }

  /** What reads of the store say, with the encoded bytes. */
  static List<String> answers(PostStore store) {
    List<String> answers = new ArrayList<>();
    for (boolean video : new boolean[] {false, true}) {
      ReadQuery query = new ReadQuery();
      query.follows = new long[] {100, 101, 102, 103, 104, 105, 106};
      query.followCount = 7;
      query.maxResults = 5000;
      query.maxOriginals = 100;
      query.maxReplies = 100;
      query.video = video;
      ReadResult result = store.newReader().read(query, NOW, () -> false);
      byte[] encoded = new byte[result.encodedLength()];
      result.copyTo(encoded, 0);
      for (int i = 0; i < result.count(); i++) {
        answers.add(
            "%s %d by %d at %d, %d bytes of %d"
                .formatted(
                    video,
                    result.postId(i),
                    result.authorId(i),
                    result.createdAt(i),
                    result.encodedLength(i),
                    result.encodedLength(i) == 0 ? 0 : encoded[result.encodedOffset(i)]));
      }
    }
    return answers;
  }
}
