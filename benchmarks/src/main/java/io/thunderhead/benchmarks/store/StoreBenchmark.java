package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.CreateOutcome;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;
import io.thunderhead.store.StoreConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A create and a read of a store that holds a million posts of {@link Workload}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StoreBenchmark {
  private static final int POSTS = 1_000_000;
  private static final int AUTHORS = 100_000;

  /** A full store and the queries to it, in turn. */
  @State(Scope.Thread)
  public static class Reading {
    @Param({"200", "1000", "5000"})
    public int follows;

    private final Workload workload = new Workload(POSTS, AUTHORS);
    private final PostStream stream = workload.stream();
    private final PostStore store = new PostStore(StoreConfig.defaults());
    private final PostReader reader = store.newReader();
    private ReadQuery[] queries = {};
    private int next;

    /** Fills the store. */
    @Setup
    public void fill() {
      PostFields fields = new PostFields();
      for (int i = 0; i < workload.posts(); i++) {
        stream.next(fields);
        store.create(fields, fields.createdAt);
      }
      queries = workload.queries(stream, 500, follows, 400);
    }
  }

  /** A store that starts anew when it has taken every prepared post. */
  @State(Scope.Thread)
  public static class Writing {
    private static final int PREPARED = 200_000;

    private final PostStore store = new PostStore(StoreConfig.defaults());
    private final PostFields[] posts = new PostFields[PREPARED];
    private int next;

    /** Encodes the posts ahead, so that only the store is timed. */
    @Setup
    public void prepare() {
      PostStream stream = new Workload(PREPARED, PREPARED / 10).stream();
      for (int i = 0; i < posts.length; i++) {
        posts[i] = new PostFields();
        stream.next(posts[i]);
      }
    }
  }

  /** One read of 400 results with 500 excluded posts. */
  @Benchmark
  public ReadResult read(Reading state) {
    ReadQuery query = state.queries[state.next++ % state.queries.length];
    return state.reader.read(query, state.stream.now(), StopSignal.NEVER);
  }

  /** One create. */
  @Benchmark
  public CreateOutcome create(Writing state) {
    if (state.next == Writing.PREPARED) {
      state.next = 0;
      state.store.clear();
    }
    PostFields post = state.posts[state.next++];
    return state.store.create(post, post.createdAt);
  }
}
