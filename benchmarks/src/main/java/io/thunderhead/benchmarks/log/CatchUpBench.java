package io.thunderhead.benchmarks.log;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.write.DecimalKey;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import io.thunderhead.serving.ServeConfig;
import io.thunderhead.serving.ServingNode;
import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.replay.ReplayConfig;
import io.thunderhead.serving.replay.ReplayOutcome;
import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A serving node's way from start to ready, beside the two things that it can't do without, each
 * alone: reading the records, and putting the posts into the store. All in CPU time of this
 * process, the broker being another. The steps between are measured as far as they can be alone:
 * our reader without a handler's work, and the same with every event decoded.
 */
final class CatchUpBench {
  private static final int PACK = 100;
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private final ClientSettings client;
  private final BenchTopics topics;
  private final Reads reads;
  private final Report report;
  private final int events;
  private final int rounds;
  private final Workload workload;
  private final Rates rates = new Rates();
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  CatchUpBench(ClientSettings client, Report report, int events, int rounds) {
    this.client = client;
    this.topics = new BenchTopics(client);
    this.reads = new Reads(client);
    this.report = report;
    this.events = events;
    this.rounds = rounds;
    this.workload = new Workload(events, events / 10);
  }

  /** What is measured, until it ends or stops the clock. */
  private interface Work {
    void run(Clock clock) throws InterruptedException;
  }

  /** Wall and CPU time of this process since it was made. */
  private final class Clock {
    private final long cpuNs = system.getProcessCpuTime();
    private final long startNs = System.nanoTime();
    private double wallSeconds;
    private double cpuSeconds;

    /** The first time counts. */
    void stop() {
      if (wallSeconds > 0) {
        return;
      }
      wallSeconds = (System.nanoTime() - startNs) / 1e9;
      cpuSeconds = (system.getProcessCpuTime() - cpuNs) / 1e9;
    }
  }

  /** A log to catch up with: the same events, packed or plain. */
  private record Log(String kind, String topic, long records, InstantSource clock) {
    String name() {
      return "catch-up-" + kind;
    }
  }

  void run() throws InterruptedException {
    report.progress("warming up");
    int small = Math.min(events, 1_000_000);
    Log warm = log("warm", small, PACK);
    for (int i = 0; i < 2; i++) {
      insert(small);
      reads.decoded(warm.topic(), small);
      catchUp(warm, small, new Clock());
    }
    topics.delete(warm.topic());
    List<Log> logs = List.of(log("packed", events, PACK), log("plain", events, 1));
    time("making-posts", _ -> make(events));
    for (int round = 1; round <= rounds; round++) {
      report.progress("catching up, round " + round + " of " + rounds);
      time("making-posts-and-inserting", _ -> insert(events));
      for (Log log : logs) {
        time(log.name() + "-read", _ -> reads.bare(log.topic(), log.records()));
        time(log.name(), clock -> catchUp(log, events, clock));
      }
    }
    for (Log log : logs) {
      time(log.name() + "-unpacked", _ -> reads.ours(log.topic(), events));
      time(log.name() + "-decoded", _ -> reads.decoded(log.topic(), events));
      show(log.name());
      topics.delete(log.topic());
    }
    report.fact("catch-up-rounds-seconds", rates.all());
  }

  private Log log(String kind, int count, int pack) throws InterruptedException {
    report.progress("filling the log, " + kind);
    String topic = topics.create(kind);
    InstantSource end = fill(topic, count, pack);
    return new Log(kind, topic, reads.endOffsets(topic), end);
  }

  private void show(String name) {
    double insert =
        rates.median("making-posts-and-inserting-cpu") - rates.median("making-posts-cpu");
    double read = rates.median(name + "-read-cpu");
    report.add(Row.alone(name + "-insert-alone", insert, "CPU s"));
    report.add(Row.alone(name + "-read-alone", read, "CPU s"));
    report.add(
        Row.lessIsBetter(
            name,
            rates.median(name),
            "s",
            (read + insert) / 2,
            "CPU seconds of reading and inserting alone, over two cores"));
    report.add(
        Row.lessIsBetter(
            name + "-cpu",
            rates.median(name + "-cpu"),
            "CPU s",
            read + insert,
            "reading and inserting alone"));
    double unpacked = rates.median(name + "-unpacked-cpu");
    double decoded = rates.median(name + "-decoded-cpu");
    report.add(Row.alone(name + "-step-unpack", unpacked - read, "CPU s"));
    report.add(Row.alone(name + "-step-decode", decoded - unpacked, "CPU s"));
    report.add(
        Row.alone(name + "-step-rest", rates.median(name + "-cpu") - decoded - insert, "CPU s"));
  }

  /** Wall and CPU seconds of one round. */
  private void time(String name, Work work) throws InterruptedException {
    System.gc();
    Clock clock = new Clock();
    work.run(clock);
    clock.stop();
    rates.add(name, clock.wallSeconds);
    rates.add(name + "-cpu", clock.cpuSeconds);
  }

  private void catchUp(Log log, int expected, Clock clock) throws InterruptedException {
    ServeConfig defaults = ServeConfig.of(log.topic());
    FeedConfig feed = defaults.feed().withAddress("127.0.0.1", 0);
    ServeConfig config =
        new ServeConfig(ReplayConfig.of(log.topic()), storeConfig(), feed, null, Duration.ZERO);
    PrometheusRegistry registry = new PrometheusRegistry();
    try (Access access = Access.open(registry);
        ServingNode node = new ServingNode(config, client, access, registry, log.clock())) {
      node.start();
      while (!node.readiness().ready()) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      clock.stop();
      // Applied is not the same as there: who posts very much has the oldest pushed out.
      long applied = node.counts().replayed().of(ReplayOutcome.APPLIED);
      if (applied != expected) {
        throw new BenchFailedException("ready with " + applied + " of " + expected + " posts");
      }
    } catch (IOException e) {
      throw new BenchFailedException("the node did not start: " + e.getMessage());
    }
  }

  private static StoreConfig storeConfig() {
    return StoreConfig.defaults();
  }

  /** What making the posts costs, which is no part of inserting them. */
  private void make(int count) {
    PostStream stream = workload.stream();
    PostBatch batch = new PostBatch();
    for (int i = 0; i < count; i++) {
      stream.next(batch.add());
      if (batch.isFull()) {
        batch.clear();
      }
    }
  }

  private void insert(int count) {
    PostStore store = new PostStore(storeConfig());
    PostStream stream = workload.stream();
    PostBatch batch = new PostBatch();
    for (int i = 0; i < count; i++) {
      stream.next(batch.add());
      if (batch.isFull() || i == count - 1) {
        store.apply(batch, stream.now());
      }
    }
  }

  /** Writes the events; the clock stands at the last one's creation. */
  private InstantSource fill(String topic, int count, int pack) {
    PostStream stream = workload.stream();
    PostFields post = new PostFields();
    InNetworkEventWriter event = new InNetworkEventWriter();
    DecimalKey key = new DecimalKey();
    Ended ended = new Ended();
    PackSettings settings =
        new PackSettings(
            topic, pack, PackSettings.DEFAULT_PACK_BYTES, Duration.ofMillis(50), "none", 1 << 20);
    try (var producer = new PackingProducer(client, settings, "bench-fill", _ -> {})) {
      for (int i = 0; i < count; i++) {
        stream.next(post);
        int length =
            event.writeCreate(
                post.postId,
                post.authorId,
                post.createdAt,
                post.inReplyToPostId,
                post.inReplyToUserId,
                post.isRetweet,
                post.isReply,
                post.sourcePostId,
                post.sourceUserId,
                post.hasVideo,
                post.conversationId);
        producer.append(key.of(post.authorId), event.buffer(), 0, length, ended);
      }
      producer.flush();
      ended.await();
    }
    long lastMs = stream.now() * 1000;
    return InstantSource.fixed(Instant.ofEpochMilli(lastMs));
  }
}
