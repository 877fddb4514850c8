package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The store against the naive model over random histories. Ids, authors and limits are so few that
 * posts meet every rule at once: duplicates, tombstones, full lists, parents and sources that come
 * late, leave, and come again.
 *
 * <p>Each run has a seed of its own, or that of {@code -Dthunderhead.seed}; a failure names it, and
 * the few steps that are needed to see it.
 */
final class RandomHistoryTest {
  private static final int IDS = 20;
  private static final int AUTHORS = 4;
  private static final StoreConfig TIGHT = new StoreConfig(40, 3, 3, 3, 3, 4, 5);
  private static final StoreConfig ROOMY = new StoreConfig(100_000, 60, 50, 30, 100, 500, 5000);

  sealed interface Step {}

  record Create(Post post, long createdBefore) implements Step {}

  record Delete(long id, long before, boolean timed) implements Step {}

  record Pass(long seconds) implements Step {}

  record Trim() implements Step {}

  record Clear() implements Step {}

  record Read(ReadQuery query, long ahead) implements Step {
    @Override
    public String toString() {
      return "Read[video=" + query.video + ", ahead=" + ahead + "]";
    }
  }

  @Test
  void tightLimits_answersLikeTheModel() {
    runMany(TIGHT, 1500, 60, 8);
  }

  @Test
  void roomyLimits_answersLikeTheModel() {
    runMany(ROOMY, 300, 120_000, 9000);
  }

  private static void runMany(StoreConfig config, int histories, int ages, int pass) {
    long first = Long.getLong("thunderhead.seed", System.nanoTime());
    for (long seed = first; seed < first + histories; seed++) {
      Random random = new Random(seed);
      List<Step> steps = new ArrayList<>();
      for (int length = 40 + random.nextInt(210); length > 0; length--) {
        steps.add(step(random, ages, pass));
      }
      AssertionError failure = failure(config, steps);
      if (failure != null) {
        List<Step> few = withoutNeedless(config, steps);
        throw new AssertionError("-Dthunderhead.seed=" + seed + " with " + few, failure);
      }
    }
  }

  private static @Nullable AssertionError failure(StoreConfig config, List<Step> steps) {
    try {
      run(config, steps);
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  /** Leaves out one step after the other, as long as the rest still fails. */
  private static List<Step> withoutNeedless(StoreConfig config, List<Step> failing) {
    List<Step> few = new ArrayList<>(failing);
    for (int i = few.size() - 1; i >= 0; i--) {
      Step left = few.remove(i);
      if (failure(config, few) == null) {
        few.add(i, left);
      }
    }
    return few;
  }

  private static void run(StoreConfig config, List<Step> steps) {
    NaivePostStore model = new NaivePostStore(config);
    StoreSubject store = new StoreSubject(config);
    long now = 1_000_000;
    for (Step step : steps) {
      switch (step) {
        case Create create -> {
          Post post = at(create.post, now - create.createdBefore);
          assertThat(store.create(post, now)).as("%s", post).isEqualTo(model.create(post, now));
        }
        case Delete delete -> {
          long at = delete.timed ? now - delete.before : 0;
          assertThat(store.delete(delete.id, 0, at, now - 1, now))
              .as("%s", delete)
              .isEqualTo(model.delete(delete.id, 0, at, now - 1, now));
        }
        case Pass pass -> now += pass.seconds;
        case Trim trim -> {
          store.trim(now);
          model.trim(now);
        }
        case Clear clear -> {
          store.clear();
          model.clear();
        }
        case Read read ->
            assertThat(store.read(read.query, now + read.ahead))
                .as("%s", read)
                .isEqualTo(model.read(read.query, now + read.ahead));
      }
      StoreValidator.validate(store.store, config.maxPostsKeptPerAuthor());
    }
    for (long requester = 0; requester <= AUTHORS; requester++) {
      compareAll(store, model, requester, now);
    }
    store.trim(now + 2 * config.retentionSeconds() + 2 * config.futureSkewSeconds() + 100_000);
    StoreValidator.validateEmpty(store.store, config);
  }

  private static void compareAll(
      StoreSubject store, NaivePostStore model, long requester, long now) {
    for (boolean video : new boolean[] {false, true}) {
      ReadQuery query = Query.of(1, 2, 3, 4);
      query.requesterId = requester;
      query.video = video;
      assertThat(store.read(query, now)).isEqualTo(model.read(query, now));
    }
  }

  private static Post at(Post post, long created) {
    return new Post(
        post.id(),
        post.author(),
        created,
        post.parent(),
        post.parentUser(),
        post.source(),
        post.sourceUser(),
        post.conversation(),
        post.replyFlag(),
        post.retweet(),
        post.video());
  }

  private static Step step(Random random, int ages, int pass) {
    return switch (random.nextInt(20)) {
      case 0, 1 -> new Delete(id(random), random.nextInt(ages) - ages / 8, random.nextBoolean());
      case 2 -> new Pass(random.nextInt(pass));
      case 3 -> random.nextInt(30) == 0 ? new Clear() : new Pass(1);
      case 4 -> new Trim();
      case 5, 6, 7, 8 -> new Read(query(random), random.nextInt(4) == 0 ? random.nextInt(ages) : 0);
      default -> new Create(post(random), Math.max(-4, random.nextInt(ages) - ages / 4));
    };
  }

  private static Post post(Random random) {
    boolean retweet = random.nextInt(3) == 0;
    boolean reply = random.nextInt(3) == 0;
    boolean both = random.nextInt(12) == 0;
    long parent = (reply || both) && random.nextInt(6) > 0 ? id(random) : 0;
    long parentUser = (reply || both) && random.nextInt(4) > 0 ? author(random) : 0;
    retweet = (retweet && !reply) || both;
    long source = retweet && random.nextInt(8) > 0 ? id(random) : 0;
    long sourceUser = retweet && random.nextInt(4) > 0 ? author(random) : 0;
    long conversation = random.nextInt(3) == 0 ? parent : random.nextInt(3) == 0 ? 0 : id(random);
    return new Post(
        id(random),
        author(random),
        1,
        parent,
        parentUser,
        source,
        sourceUser,
        conversation,
        reply && random.nextBoolean(),
        retweet,
        random.nextInt(3) == 0);
  }

  private static ReadQuery query(Random random) {
    long[] follows = new long[random.nextInt(6)];
    for (int i = 0; i < follows.length; i++) {
      follows[i] = random.nextInt(AUTHORS + 2);
    }
    ReadQuery query = Query.of(follows);
    long[] excludes = new long[random.nextInt(5)];
    for (int i = 0; i < excludes.length; i++) {
      excludes[i] = id(random);
    }
    Query.excluding(query, excludes);
    query.requesterId = random.nextInt(AUTHORS + 1);
    query.video = random.nextInt(3) == 0;
    query.maxResults = random.nextInt(3) == 0 ? random.nextInt(6) : 100;
    query.maxOriginals = random.nextInt(3) == 0 ? random.nextInt(4) : 100;
    query.maxReplies = random.nextInt(3) == 0 ? random.nextInt(4) : 100;
    return query;
  }

  private static long id(Random random) {
    return 1L + random.nextInt(IDS);
  }

  private static long author(Random random) {
    return 1L + random.nextInt(AUTHORS);
  }
}
