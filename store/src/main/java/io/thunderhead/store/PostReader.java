package io.thunderhead.store;

/**
 * Reads the newest posts of many authors. One thread at a time; reads of different readers and all
 * writers run side by side without a lock. Keep a reader: what it allocates, it uses again.
 *
 * <pre>
 *  1  distinct follows; one probe of the author table each         1000 follows ▶ 812 with posts, each with its newest creation
 *  2  guess how far back to go: since when 150 of them posted      08:01
 *  3  walk the authors who are as new, down to that creation       481 posts; of thousands only the newest stay
 *  4  enough? cut. Too few? further back, from 3 again             the newest 400 of them
 * </pre>
 *
 * <p>The cut is exact: whatever was left out in 3 is older than everything that was found, and at
 * least as many were found as are wanted.
 */
public final class PostReader {
  /** Authors whose memory is touched together before it is used, so that its latencies overlap. */
  private static final int ROUND = 64;

  private final StoreClock clock;
  private final PostBlocks blocks;
  private final AuthorTable table;
  private final ReaderEpochs.Reader epoch;

  private final IdSet follows = new IdSet();
  private final IdSet excludes = new IdSet();
  private final FollowedAuthors authors = new FollowedAuthors();
  private final RankGuess guess = new RankGuess();
  private final ReadResult result = new ReadResult();
  private final TimelineWalk walk;
  private Candidates candidates = new Candidates();
  private Candidates earlier = new Candidates();
  private int[] answered = new int[64];
  private int reads;

  private final long[] located = new long[ROUND];
  private int[] places = new int[64];
  private final long[] roundFirst = new long[ROUND];
  private final long[] roundSecondary = new long[ROUND];

  /** Where the sum of what was touched goes, so that the touches are not optimized away. */
  long touched;

  PostReader(
      StoreConfig config, StoreClock clock, PostBlocks blocks, PostIndex index, AuthorTable table) {
    this.clock = clock;
    this.blocks = blocks;
    this.table = table;
    epoch = table.newReader();
    this.walk =
        new TimelineWalk(config, blocks, index, table.timelines(), follows, excludes, candidates);
  }

  /** Answers a query as things stand; the result holds until the next read of this reader. */
  public ReadResult read(ReadQuery query, long nowSeconds, StopSignal stop) {
    long horizon = clock.horizon(nowSeconds);
    fill(follows, query.follows, query.followCount);
    result.clear(follows.size());
    epoch.begin();
    try {
      find(query, horizon, stop);
    } finally {
      epoch.end();
    }
    // Afterwards, because the budget may have begun to evict what this read was looking for.
    result.tellWindow(clock.isWindowShort(nowSeconds));
    return result;
  }

  private void find(ReadQuery query, long horizon, StopSignal stop) {
    walk.begin(query, horizon);
    if (query.maxResults <= 0 || !walk.mayFind(query.video)) {
      return;
    }
    fill(excludes, query.excludes, query.excludeCount);
    if (probe(query, horizon, stop) && authors.size() > 0) {
      select(query, horizon, stop);
      answer(query.maxResults);
    }
  }

  private static void fill(IdSet set, long[] ids, int count) {
    set.reset(count);
    for (int i = 0; i < count; i++) {
      if (ids[i] > 0) {
        set.add(ids[i], IdHash.of(ids[i]));
      }
    }
  }

  /** Finds the followed authors with posts young enough; false when stopped. */
  private boolean probe(ReadQuery query, long horizon, StopSignal stop) {
    authors.reset(query.followCount);
    int size = follows.size();
    for (int begin = 0; begin < size; begin += ROUND) {
      if (stop.shouldStop()) {
        // Those found without posts are done with, no other is.
        result.stop(begin - authors.size());
        return false;
      }
      int end = Math.min(size, begin + ROUND);
      for (int i = begin; i < end; i++) {
        located[i - begin] = table.locate(follows.hash(i));
      }
      long sum = 0;
      for (int i = begin; i < end; i++) {
        sum += table.touch(located[i - begin]);
      }
      touched += sum;
      for (int i = begin; i < end; i++) {
        long word = table.find(follows.id(i), follows.hash(i));
        if (word != 0 && AuthorTable.newest(word) >= horizon) {
          authors.add(follows.id(i), word);
        }
      }
    }
    return true;
  }

  private void select(ReadQuery query, long horizon, StopSignal stop) {
    int wanted = query.maxResults;
    authors.rank();
    long floor = guess.first(authors, wanted, query.video, horizon);
    candidates.reset(floor, wanted);
    while (true) {
      swapCandidates(floor, wanted);
      int walked = collect(query.video, floor, stop);
      if (walked < authors.size()) {
        stopAt(walked);
        break;
      }
      if (floor == horizon || candidates.size() >= wanted) {
        guess.learn(authors, wanted, query.video, floor, candidates.added());
        break;
      }
      floor = guess.next(authors, wanted, floor, candidates.size(), horizon);
    }
    result.retrieved().copy(candidates.statistics);
  }

  private void swapCandidates(long floor, int wanted) {
    Candidates swap = earlier;
    earlier = candidates;
    candidates = swap;
    candidates.reset(floor, wanted);
  }

  /** How many authors were looked at; fewer than all when stopped. */
  private int collect(boolean video, long floor, StopSignal stop) {
    walk.collect(candidates, floor);
    if (places.length < authors.size()) {
      places = new int[authors.size()];
    }
    int matching = authors.since(floor, places);
    for (int begin = 0; begin < matching; begin += ROUND) {
      if (stop.shouldStop()) {
        return begin == 0 ? 0 : places[begin - 1] + 1;
      }
      walkRound(video, begin, Math.min(ROUND, matching - begin));
    }
    return authors.size();
  }

  private void walkRound(boolean video, int begin, int round) {
    int firstKind = video ? Timelines.VIDEOS : Timelines.ORIGINALS;
    for (int i = 0; i < round; i++) {
      int number = authors.number(places[begin + i]);
      // Both lists as they were together at one instant: the first stayed the same meanwhile.
      do {
        roundFirst[i] = table.timeline(number, firstKind);
        roundSecondary[i] = table.timeline(number, Timelines.SECONDARY);
      } while (table.timeline(number, firstKind) != roundFirst[i]);
    }
    Timelines timelines = table.timelines();
    int firstWidth = Timelines.width(firstKind);
    int secondaryWidth = Timelines.width(Timelines.SECONDARY);
    long sum = 0;
    for (int i = 0; i < round; i++) {
      sum += timelines.newest(roundFirst[i], firstWidth);
      sum += timelines.newest(roundSecondary[i], secondaryWidth);
    }
    touched += sum;
    for (int i = 0; i < round; i++) {
      if (video) {
        walk.walkVideos(roundFirst[i], roundSecondary[i], places[begin + i]);
      } else {
        walk.walkPosts(roundFirst[i], roundSecondary[i], places[begin + i]);
      }
    }
  }

  /** Answers with the fuller of this pass and the one before, which had looked at every author. */
  private void stopAt(int walked) {
    if (earlier.size() > candidates.size()) {
      candidates = swapped();
      result.stop(follows.size());
    } else {
      result.stop(follows.size() - authors.size() + walked);
    }
  }

  private Candidates swapped() {
    Candidates fuller = earlier;
    earlier = candidates;
    return fuller;
  }

  private void answer(int wanted) {
    candidates.sort(wanted);
    if (answered.length < authors.size()) {
      answered = new int[authors.size()];
    }
    reads++;
    int size = candidates.size();
    long sum = 0;
    for (int rank = Math.min(size, wanted) - 1; rank >= 0; rank--) {
      sum += blocks.touch(candidates.slot(candidates.ranked(rank)));
    }
    touched += sum;
    for (int rank = 0; rank < size && result.count() < wanted; rank++) {
      int place = candidates.ranked(rank);
      long postId = candidates.postId(place);
      int slot = candidates.slot(place);
      PostBlock block = blocks.of(slot);
      // Another post: its block has left and come back.
      if (block == null || block.postId(PostBlocks.unit(slot)) != postId) {
        continue;
      }
      // The same post twice: it left and was created again elsewhere, between two walks.
      if (block.isDead(PostBlocks.unit(slot)) && candidates.hasOther(place)) {
        continue;
      }
      int author = candidates.author(place);
      result.add(postId, authors.id(author), block, PostBlocks.unit(slot));
      if (answered[author] != reads) {
        answered[author] = reads;
        result.scored().countAuthor();
      }
    }
  }
}
