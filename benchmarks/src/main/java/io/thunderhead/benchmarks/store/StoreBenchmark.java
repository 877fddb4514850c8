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

  /** A full store. */
  @State(Scope.Thread)
  public static class Full {
    private final PostStream stream = WORKLOAD.stream();
    private final PostStore store = new PostStore(ThunderLimits.WORKLOAD.ours());
    private final PostReader reader = store.newReader();
    private final Batches batches = new Batches();

    /** Fills the store. */
    @Setup
    public void fill() {
      while (stream.made() < WORKLOAD.posts()) {
        batches.take(stream, (int) Math.min(Batches.POSTS, WORKLOAD.posts() - stream.made()));
        batches.applyTo(store, stream.now());
      }
    }
  }

  /** Queries of one kind, in turn. */
  @State(Scope.Thread)
  public static class Queries {
    private ReadQuery[] queries = {};
    private int next;

    ReadQuery next() {
      next = next + 1 == queries.length ? 0 : next + 1;
      return queries[next];
    }
  }

  /** Of so many follows. */
  @State(Scope.Thread)
  public static class ByFollows extends Queries {
    @Param({"10", "200", "1000", "5000", "100000"})
    public int follows;

    /** Few of the long ones. */
    @Setup
    public void draw(Full full) {
      int count = Math.clamp(1_000_000 / follows, 20, 500);
      super.queries = WORKLOAD.queries(full.stream, count, follows, RESULTS);
    }
  }

  /** Of 1000 follows and so many excluded posts. */
  @State(Scope.Thread)
  public static class ByExcludes extends Queries {
    @Param({"0", "5000"})
    public int excludes;

    /** Draws them. */
    @Setup
    public void draw(Full full) {
      super.queries = WORKLOAD.queries(full.stream, 500, 1000, excludes, RESULTS);
    }
  }

  /** Of the videos of 1000 follows. */
  @State(Scope.Thread)
  public static class Videos extends Queries {
    /** Draws them. */
    @Setup
    public void draw(Full full) {
      super.queries = WORKLOAD.queries(full.stream, 500, 1000, RESULTS);
      for (ReadQuery query : super.queries) {
        query.video = true;
      }
    }
  }

  /** The posts that come next, made ahead of each invocation. */
  @State(Scope.Thread)
  public static class Coming {
    /** Takes them from the stream and lets the store make room. */
    @Setup(Level.Invocation)
    public void take(Full full) {
      full.batches.take(full.stream, Batches.POSTS);
      full.store.trim(full.stream.now(), 2 * Batches.POSTS);
    }
  }

  /** One read of 400 results with 500 excluded posts. */
  @Benchmark
  public ReadResult read(Full full, ByFollows queries) {
    return full.reader.read(queries.next(), full.stream.now(), StopSignal.NEVER);
  }

  /** One read of 1000 follows with a short or long exclude list. */
  @Benchmark
  public ReadResult readExcluding(Full full, ByExcludes queries) {
    return full.reader.read(queries.next(), full.stream.now(), StopSignal.NEVER);
  }

  /** One read of the videos of 1000 follows. */
  @Benchmark
  public ReadResult readVideos(Full full, Videos queries) {
    return full.reader.read(queries.next(), full.stream.now(), StopSignal.NEVER);
  }

  /** One post, applied in batches as a serving node does, to a full store that moves on. */
  @Benchmark
  @OperationsPerInvocation(Batches.POSTS)
  public PostStore apply(Full full, Coming coming) {
    full.batches.applyTo(full.store, full.stream.now());
    return full.store;
  }
}
