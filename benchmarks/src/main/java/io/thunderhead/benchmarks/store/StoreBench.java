package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.CompactPost;
import io.thunderhead.benchmarks.redis.RedisCompare;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.ReadQuery;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench store}: our store beside Thunder's algorithm with the same posts and queries. */
@Command(
    name = "store",
    description = {
      "The post store beside Thunder's algorithm written straight in Java (the port), filled with"
          + " the same posts and asked the same queries by turns. Fails if the port's answers are"
          + " not those published for a build of Thunder itself.",
      "10 M posts take about 4 GB of heap (-Xmx6g in THUNDERHEAD_JAVA_OPTS) and four minutes."
    })
public final class StoreBench implements Callable<Integer> {
  private static final int RESULTS = 400;
  private static final int MANY_FOLLOWS = 100_000;
  private static final int[] CURVE = {1_000_000, 3_000_000, 10_000_000, 25_000_000, 50_000_000};

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchFlags flags = new BenchFlags();

  @Option(
      names = "--posts",
      paramLabel = "N",
      description = "Posts in the store; 0: 10,000,000, or 1,000,000 with --quick.")
  private int posts;

  @Option(names = "--authors", paramLabel = "N", description = "Authors; 0: a tenth of the posts.")
  private int authors;

  @Option(
      names = "--redis",
      paramLabel = "HOST:PORT",
      description =
          "Compares with a Redis instead, which must be empty and is emptied again at the end;"
              + " 1,000,000 posts unless --posts says otherwise.")
  private String redis = "";

  @Option(
      names = "--curves",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description =
          "Instead: ours alone over 1, 3, 10, 25 and 50 million posts (those up to --posts; --quick:"
              + " 1 and 3) and, in 10 million, over 10 to 100,000 follows. 50 M posts want 12 GB of"
              + " heap.")
  private boolean curves;

  @Option(
      names = "--soak-seconds",
      paramLabel = "N",
      description =
          "Instead: a reader and a writer of 100,000 events/s for so many seconds; 0: not.")
  private int soakSeconds;

  @Override
  public Integer call() {
    int size = posts != 0 ? posts : flags.quick() || !redis.isEmpty() ? 1_000_000 : 10_000_000;
    Workload workload = new Workload(size, authors != 0 ? authors : size / 10);
    if (size < 10_000 || size > 50_000_000) {
      throw new ParameterException(
          spec.commandLine(), "--posts must be between 10000 and 50000000, not " + size);
    }
    if (workload.authors() < 10_000 || workload.authors() > size) {
      throw new ParameterException(
          spec.commandLine(),
          "--authors must be between 10000 and the number of posts, not " + workload.authors());
    }
    Report report = flags.report();
    try {
      if (!redis.isEmpty()) {
        compareWithRedis(workload, report);
      } else if (curves) {
        int most = posts != 0 ? posts : flags.quick() ? 3_000_000 : 50_000_000;
        new Curves(report).run(Arrays.stream(CURVE).filter(step -> step <= most).toArray());
      } else if (soakSeconds > 0) {
        new Soak(workload, report).run(soakSeconds);
      } else {
        run(workload, report);
      }
    } finally {
      flags.finish(report);
    }
    return 0;
  }

  private void compareWithRedis(Workload workload, Report report) {
    int colon = redis.lastIndexOf(':');
    int port = colon < 0 ? 0 : portOf(redis.substring(colon + 1));
    if (colon <= 0 || port < 1 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "--redis must be HOST:PORT, not " + redis);
    }
    new RedisCompare(workload, report, flags.quick() ? 100 : 500)
        .run(redis.substring(0, colon), port);
  }

  private static int portOf(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }

  private void run(Workload workload, Report report) {
    boolean quick = flags.quick();
    BothStores stores = new BothStores(workload);
    stores.fill(report);
    ReadQuery[] before = workload.queries(stores.stream(), quick ? 200 : 100, 1000, RESULTS);
    new Identity(stores).check(report, "1000 follows, before the deletes", before);
    // So many distinct ones take for ever to draw from hardly more authors.
    boolean withMany = workload.authors() >= 5 * MANY_FOLLOWS;
    ReadQuery[] many = workload.queries(stores.stream(), withMany ? 20 : 0, MANY_FOLLOWS, RESULTS);
    if (withMany) {
      new Identity(stores)
          .check(report, "100000 follows, before the deletes", Arrays.copyOf(many, 5));
    }
    stores.delete();

    ReadQuery[] f1000 = workload.queries(stores.stream(), 1000, 1000, RESULTS);
    ReadQuery[] f200 = workload.queries(stores.stream(), 1000, 200, RESULTS);
    ReadQuery[] f5000 = workload.queries(stores.stream(), 300, 5000, RESULTS);
    Identity identity = new Identity(stores);
    KnownAnswers known = new KnownAnswers(workload, report);
    known.hold("1000 follows", identity.check(report, "1000 follows", f1000));
    known.hold("200 follows", identity.check(report, "200 follows", f200));
    known.hold("5000 follows", identity.check(report, "5000 follows", f5000));

    SideBySide sides = new SideBySide(report, quick ? 5 : 9, quick ? 200_000_000 : 500_000_000);
    OurReads ours = new OurReads(stores.ours(), stores.stream().now());
    Reads port = stores.portReads();
    double ourNs = sides.compare("read-1000-follows", ours, port, "port", f1000);
    sides.compare("read-200-follows", ours, port, "port", f200);
    sides.compare("read-5000-follows", ours, port, "port", f5000);
    if (withMany) {
      sides.compare("read-100000-follows", ours, port, "port", many);
    }
    sides.compare("read-1000-follows-1200-results", ours, port, "port", with(f1000, 1200, false));
    sides.compare("read-1000-follows-videos", ours, port, "port", with(f1000, RESULTS, true));
    ReadQuery[] excluding = workload.queries(stores.stream(), 300, 1000, 5000, RESULTS);
    sides.compare("read-1000-follows-5000-excludes", ours, port, "port", excluding);
    ReadQuery[] all = with(f1000, 50_000, false);
    sides.compare("read-1000-follows-every-candidate", ours, port, "port", all);

    int authorsThatMatter = authorsThatMatter(stores, f1000);
    stores.dropPort(report);
    MemoryFloor floor = new MemoryFloor(stores.ours().stats(), authorsThatMatter);
    double floorNs = sides.time(floor, f1000);
    report.add(
        Row.lessIsBetter(
            "read-1000-follows-above-floor",
            ourNs / 1e3,
            "CPU us per query",
            floorNs / 1e3,
            "memory floor"));
    report.fact("authors that matter per query of 1000 follows", authorsThatMatter);
    report.fact("memory floor, sum of its loads", floor.sum());

    new ReadsUnderWrites(
            stores, f1000, report, quick ? 1_000_000_000L : 3_000_000_000L, quick ? 3 : 5)
        .run();
    known.check();
    report.summary("bench store: " + summary(report.rows()));
  }

  private static ReadQuery[] with(ReadQuery[] queries, int maxResults, boolean video) {
    ReadQuery[] others = new ReadQuery[queries.length];
    for (int i = 0; i < queries.length; i++) {
      ReadQuery query = new ReadQuery();
      query.requesterId = queries[i].requesterId;
      query.follows = queries[i].follows;
      query.followCount = queries[i].followCount;
      query.excludes = queries[i].excludes;
      query.excludeCount = queries[i].excludeCount;
      query.maxResults = maxResults;
      query.video = video;
      others[i] = query;
    }
    return others;
  }

  /** Those who have posted since the last post of the answer: nobody can do without them. */
  private static int authorsThatMatter(BothStores stores, ReadQuery[] queries) {
    long all = 0;
    int asked = Math.min(100, queries.length);
    for (int q = 0; q < asked; q++) {
      List<CompactPost> answer = stores.port().read(queries[q]);
      if (answer.isEmpty()) {
        continue;
      }
      for (int i = 0; i < queries[q].followCount; i++) {
        if (stores.port().newestOf(queries[q].follows[i]) >= answer.getLast().createdAt()) {
          all++;
        }
      }
    }
    if (all == 0) {
      throw new BenchFailedException("no query has an answer");
    }
    return (int) (all / asked);
  }

  private static String summary(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.ratio() != null && "port".equals(row.against()))
        .map(row -> String.format(Locale.ROOT, "%s %.3gx", row.name(), row.ratio()))
        .collect(Collectors.joining(", "));
  }
}
