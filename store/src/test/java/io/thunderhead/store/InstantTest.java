package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a read answers while a writer is at work, held against the naive model step by step. The
 * writer goes through a known history and says where it is; a reader notes between which two steps
 * each of its reads was; afterwards the model goes through the same history.
 *
 * <pre>
 *  history   … 811 create 4102 │ 812 delete 3977 │ 813 create 4103 (late) │ 814 create 4110 …
 *  read             from 811 ├──────────────────────────────┤ to 814
 *                   each author's part is the model's after 811, 812, 813 or 814
 * </pre>
 *
 * <p>The history has creates in and out of order, duplicates, deletes before and after their posts,
 * full lists, and time that carries the retention along, trimmed as it goes. Reads have excludes,
 * limits per author, cuts and videos.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InstantTest {
  private static final StoreConfig TIGHT = new StoreConfig(100, 10, 40, 30, 25, 60, 50);

  /** Only the lists themselves are bounded. */
  private static final StoreConfig ROOMY = new StoreConfig(100, 10, 500, 500, 500, 500, 50);

  private static final long START = 1_000_000;
  private static final int AUTHORS = 3;
  private static final int STEPS = 6_000;
  private static final int STEPS_PER_SECOND = 20;

  /** A reader's clock is ahead, so that one horizon holds for all of its read. */
  private static final int AHEAD = 20;

  /** A read that was held up for longer could be anything. */
  private static final int LONGEST = 150;

  private static final int STEPS_PER_READ = 100;
  private static final int LEAST_READS = 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean done = new AtomicBoolean();

  /** Steps begun and steps done, by the writer. */
  private volatile int begun;

  private volatile int finished;

  /** Reads done since the writer last waited for one. */
  private final Semaphore reads = new Semaphore(0);

  private interface Step {
    void to(PostStoreContract.Subject subject);
  }

  /** The answer to a read that began after one step and ended before the next but one. */
  private record Seen(int from, int to, ReadQuery query, long now, List<Long> ids) {
    boolean isCut() {
      return ids.size() == query.maxResults;
    }
  }

  @AfterEach
  void stopThreads() throws InterruptedException {
    done.set(true);
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Nothing depends on another post here, so an author's part is two lists of one instant. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void postsOfTheirOwn_eachAuthorsPart_isTheModelsAtOneInstant(long seed) throws Exception {
    History history = new History(seed, false);
    List<Seen> all = readWhileWriting(history);
    IdentityHashMap<Seen, Map<Long, List<List<Long>>>> unexplained = new IdentityHashMap<>();
    replay(
        history,
        all,
        (seen, answer, model) -> {
          Map<Long, List<List<Long>>> authors =
              unexplained.computeIfAbsent(seen, History::partsToExplain);
          authors.forEach((author, parts) -> parts.add(history.partOf(author, answer, seen)));
          authors
              .entrySet()
              .removeIf(
                  part -> part.getValue().contains(history.partOf(part.getKey(), seen.ids, seen)));
        });
    unexplained.forEach((seen, authors) ->
        authors.forEach((author, model) ->
            assertThat(history.partOf(author, seen.ids, seen))
                .as("author %s, after the steps %s to %s", author, seen.from, seen.to)
                .isIn(model)));
  }

  /**
   * Replies and retweets whose parents and sources come and go: each such fact is asked for by
   * itself. So what the model serves throughout is there; and what it never serves is not, unless
   * the post was there at one step and what speaks for it at another.
   */
  @ParameterizedTest
  @ValueSource(longs = {3})
  void postsOfOthers_whatIsServedThroughoutIsThere_andNothingElse(long seed) throws Exception {
    History history = new History(seed, true);
    List<Seen> all = readWhileWriting(history);
    IdentityHashMap<Seen, Served> served = new IdentityHashMap<>();
    replay(
        history,
        all,
        (seen, answer, model) -> {
          Served at = served.computeIfAbsent(seen, any -> new Served(answer));
          at.at(answer);
          for (long id : seen.ids) {
            at.note(history.post(id), model, seen.now);
          }
        });
    served.forEach((seen, model) -> {
      Set<Long> foreign = new HashSet<>(seen.ids);
      foreign.removeAll(model.ever);
      foreign.removeIf(id -> model.held.contains(id) && model.spokenFor.contains(id));
      assertThat(foreign).as("never served from step %s to %s", seen.from, seen.to).isEmpty();
      Set<Long> missing = new HashSet<>(model.always);
      missing.removeAll(new HashSet<>(seen.ids));
      assertThat(missing)
          .as("missing, served all the time from step %s to %s", seen.from, seen.to)
          .isEmpty();
    });
    assertThat(served).hasSameSizeAs(all);
  }

  /** What the model serves at every step of a read, and at any; what spoke for the answer when. */
  private record Served(Set<Long> always, Set<Long> ever, Set<Long> held, Set<Long> spokenFor) {
    Served(List<Long> first) {
      this(new HashSet<>(first), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }

    void note(Post post, NaivePostStore model, long now) {
      if (model.holds(post.id(), now)) {
        held.add(post.id());
      }
      if (model.isSpokenFor(post, now)) {
        spokenFor.add(post.id());
      }
    }

    void at(List<Long> answer) {
      always.retainAll(new HashSet<>(answer));
      ever.addAll(answer);
    }
  }

  private List<Seen> readWhileWriting(History history) throws Exception {
    StoreSubject store = new StoreSubject(history.config);
    Future<List<Seen>> answers = threads.submit(() -> read(history, store.store.newReader()));
    for (int i = 0; i < history.steps.size() && !answers.isDone(); i++) {
      if (i % STEPS_PER_READ == 0) {
        awaitRead(answers);
      }
      begun = i + 1;
      history.steps.get(i).to(store);
      finished = i + 1;
    }
    done.set(true);
    List<Seen> all = answers.get();
    assertThat(all).as("reads beside the writer").hasSizeGreaterThan(LEAST_READS);
    return all;
  }

  /**
   * Until the reader has come one further, so that it has its share whatever else the machine does.
   */
  private void awaitRead(Future<?> answers) throws InterruptedException {
    reads.drainPermits();
    while (!answers.isDone() && !reads.tryAcquire(100, TimeUnit.MILLISECONDS)) {
      // It may also have failed.
    }
  }

  private List<Seen> read(History history, PostReader reader) {
    Random random = new Random(history.seed);
    List<Seen> all = new ArrayList<>();
    while (!done.get()) {
      ReadQuery query = history.query(random);
      int from = finished;
      long now = history.now(from) + AHEAD;
      ReadResult result = reader.read(query, now, StopSignal.NEVER);
      int to = begun;
      reads.release();
      List<Long> ids = IntStream.range(0, result.count()).mapToObj(result::postId).toList();
      if (to - from <= LONGEST && from > 0 && history.now(to) <= now) {
        all.add(new Seen(from, to, query, now, ids));
      }
    }
    return all;
  }

  private interface Judge {
    /** What the model answers in full after one of the steps of the read. */
    void judge(Seen seen, List<Long> answer, NaivePostStore model);
  }

  private static void replay(History history, List<Seen> all, Judge judge) {
    NaivePostStore model = new NaivePostStore(history.config);
    List<Seen> coming = new ArrayList<>(all);
    coming.sort(Comparator.comparingInt(Seen::from));
    List<Seen> current = new ArrayList<>();
    int next = 0;
    for (int step = 1; step <= history.steps.size(); step++) {
      history.steps.get(step - 1).to(model);
      while (next < coming.size() && coming.get(next).from == step) {
        current.add(coming.get(next++));
      }
      int now = step;
      current.removeIf(seen -> seen.to < now);
      for (Seen seen : current) {
        judge.judge(seen, history.whole(model, seen), model);
      }
    }
  }

  /** A known sequence of writes. */
  private static final class History {
    final long seed;
    final StoreConfig config;
    final List<Step> steps = new ArrayList<>();
    private final List<Post> posts = new ArrayList<>();
    private final boolean related;

    History(long seed, boolean related) {
      this.seed = seed;
      this.related = related;
      // Where facts are asked one by one, limits would let each of them move all other posts.
      config = related ? ROOMY : TIGHT;
      Random random = new Random(seed);
      for (int i = 1; i <= STEPS; i++) {
        long now = now(steps.size() + 1);
        if (random.nextInt(8) == 0 && !posts.isEmpty()) {
          // Some of them are not there yet, or not any more.
          long id = Math.max(1, posts.size() - random.nextInt(1500) + 20);
          steps.add(subject -> subject.delete(id, 0, now - 1, now, now));
        } else {
          boolean again = random.nextInt(12) == 0 && posts.size() > 100;
          Post post = again ? posts.get(posts.size() - 1 - random.nextInt(100)) : post(random, now);
          steps.add(subject -> subject.create(post, now));
        }
        if (i % STEPS_PER_SECOND == 0) {
          steps.add(subject -> subject.trim(now));
        }
      }
    }

    long now(int step) {
      return START + step / STEPS_PER_SECOND;
    }

    private Post post(Random random, long now) {
      long id = posts.size() + 1L;
      long author = 1L + random.nextInt(AUTHORS);
      boolean late = random.nextInt(3) == 0;
      long created = now - (late ? random.nextInt(110) : 0) + random.nextInt(3);
      long other = related ? Math.max(1, id + 5 - random.nextInt(150)) : 0;
      Post post =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> Post.original(id, author, created);
            case 3 -> Post.video(id, author, created);
            case 4, 5 -> Post.reply(id, author, created, other, 1L + random.nextInt(9), other);
            default -> Post.retweet(id, author, created, other, 1L + random.nextInt(9));
          };
      posts.add(post);
      return post;
    }

    ReadQuery query(Random random) {
      ReadQuery query = Query.of(IntStream.rangeClosed(1, AUTHORS).asLongStream().toArray());
      query.video = random.nextInt(3) == 0;
      long[] excludes = new long[random.nextInt(4)];
      for (int i = 0; i < excludes.length; i++) {
        excludes[i] = 1L + random.nextInt(posts.size());
      }
      Query.excluding(query, excludes);
      if (!related) {
        query.maxResults = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 1000;
        query.maxOriginals = random.nextInt(3) == 0 ? random.nextInt(20) : 1000;
        query.maxReplies = random.nextInt(3) == 0 ? random.nextInt(20) : 1000;
      }
      return query;
    }

    /** Everything of a read, before the cut. */
    List<Long> whole(NaivePostStore model, Seen seen) {
      int cut = seen.query.maxResults;
      seen.query.maxResults = Integer.MAX_VALUE;
      try {
        return model.read(seen.query, seen.now);
      } finally {
        seen.query.maxResults = cut;
      }
    }

    /** One author's posts among these, down to where the cut fell. */
    List<Long> partOf(long author, List<Long> ids, Seen seen) {
      return ids.stream()
          .map(this::post)
          .filter(post -> post.author() == author)
          .filter(post ->
              !seen.isCut() || Post.NEWEST_FIRST.compare(post, post(seen.ids.getLast())) <= 0)
          .map(Post::id)
          .toList();
    }

    private Post post(long id) {
      return posts.get((int) id - 1);
    }

    /** For each author what the model had to say so far. */
    static Map<Long, List<List<Long>>> partsToExplain(Seen seen) {
      Map<Long, List<List<Long>>> parts = new HashMap<>();
      for (int i = 0; i < seen.query.followCount; i++) {
        parts.put(seen.query.follows[i], new ArrayList<>());
      }
      return parts;
    }
  }
}
