package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One operation of a store that holds a million posts of {@link Workload} by 200,000 authors: reads
 * of few and many authors, of videos, with long exclude lists; and the apply of a post. With {@code
 * -prof gc} it shows what an operation allocates.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StoreBenchmark {
  private static final Workload WORKLOAD = new Workload(1_000_000, 200_000);
  private static final int RESULTS = 400;

  /** A full store and the queries to it, in turn. */
  @State(Scope.Thread)
  public abstract static class Full {
    final PostStream stream = WORKLOAD.stream();
    final PostStore store = new PostStore(ThunderLimits.WORKLOAD.ours());
    final Batches batches = new Batches();
    private final PostReader reader = store.newReader();
    private ReadQuery[] queries = {};
    private int next;

    /** Fills the store. */
    @Setup
    public void fill() {
      while (stream.made() < WORKLOAD.posts()) {
        batches.take(stream, (int) Math.min(Batches.POSTS, WORKLOAD.posts() - stream.made()));
        batches.applyTo(store, stream.now());
      }
      queries = draw();
    }

    ReadQuery[] draw() {
      return new ReadQuery[0];
    }

    ReadResult read() {
      next = next + 1 == queries.length ? 0 : next + 1;
      return reader.read(queries[next], stream.now(), StopSignal.NEVER);
    }
  }

  /** Queries of so many follows; few of the long ones. */
  public static class ByFollows extends Full {
    @Param({"10", "200", "1000", "5000", "100000"})
    public int follows;

    @Override
    ReadQuery[] draw() {
      int count = Math.clamp(1_000_000 / follows, 20, 500);
      return WORKLOAD.queries(stream, count, follows, RESULTS);
    }
  }

  /** Queries of 1000 follows and so many excluded posts. */
  public static class ByExcludes extends Full {
    @Param({"0", "5000"})
    public int excludes;

    @Override
    ReadQuery[] draw() {
      return WORKLOAD.queries(stream, 500, 1000, excludes, RESULTS);
    }
  }

  /** Queries for the videos of 1000 follows. */
  public static class Videos extends Full {
    @Override
    ReadQuery[] draw() {
      ReadQuery[] queries = WORKLOAD.queries(stream, 500, 1000, RESULTS);
      for (ReadQuery query : queries) {
        query.video = true;
      }
      return queries;
    }
  }

  /** The posts that come next, made ahead of each invocation. */
  public static class Coming extends Full {
    /** Takes them from the stream and lets the store make room. */
    @Setup(Level.Invocation)
    public void take() {
      batches.take(stream, Batches.POSTS);
      store.trim(stream.now(), 2 * Batches.POSTS);
    }
  }

  /** One read of 400 results with 500 excluded posts. */
  @Benchmark
  public ReadResult read(ByFollows state) {
    return state.read();
  }

  /** One read of 1000 follows with no or a long exclude list. */
  @Benchmark
  public ReadResult readExcluding(ByExcludes state) {
    return state.read();
  }

  /** One read of the videos of 1000 follows. */
  @Benchmark
  public ReadResult readVideos(Videos state) {
    return state.read();
  }

  /** One post, applied in batches as a serving node does, to a full store that moves on. */
  @Benchmark
  @OperationsPerInvocation(Batches.POSTS)
  public PostStore apply(Coming state) {
    state.batches.applyTo(state.store, state.stream.now());
    return state.store;
  }
}
