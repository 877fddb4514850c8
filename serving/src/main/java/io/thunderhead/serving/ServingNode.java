package io.thunderhead.serving;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.read.ReplayProgress;
import io.thunderhead.serving.feed.FeedLatency;
import io.thunderhead.serving.feed.FeedServer;
import io.thunderhead.serving.graph.FileFollowGraph;
import io.thunderhead.serving.replay.Readiness;
import io.thunderhead.serving.replay.Replay;
import io.thunderhead.serving.replay.ReplayCounts;
import io.thunderhead.serving.snapshot.SnapshotConfig;
import io.thunderhead.serving.snapshot.SnapshotMetrics;
import io.thunderhead.serving.snapshot.Snapshots;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One serving node: reads the topic into a store and answers from it. It listens from {@link
 * #start} on and is ready later; {@link #close} first tells callers to go elsewhere, answers what
 * is under way, and only then stops reading.
 */
public final class ServingNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServingNode.class);

  private final ServeConfig config;
  private final PostStore store;
  private final Replay replay;
  private final @Nullable FileFollowGraph graph;
  private final @Nullable Snapshots snapshots;
  private final FeedServer feed;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Builds everything, starts nothing but the follow graph.
   *
   * @param access who may call; the caller's to close, after this node
   * @throws IOException if the follow graph's file can't be read, or the snapshots' directory not
   *     be used
   */
  public ServingNode(
      ServeConfig config, ClientSettings client, Access access, PrometheusRegistry registry)
      throws IOException {
    this(config, client, access, registry, InstantSource.system());
  }

  /** The same with a clock of the caller's. */
  public ServingNode(
      ServeConfig config,
      ClientSettings client,
      Access access,
      PrometheusRegistry registry,
      InstantSource clock)
      throws IOException {
    this.config = config;
    Path followingFile = config.followingFile();
    this.graph = followingFile == null ? null : FileFollowGraph.open(followingFile);
    this.store = new PostStore(config.store());
    StoreMetrics.register(store, config.store().maxBytes(), registry);
    SnapshotMetrics snapshotMetrics = new SnapshotMetrics(registry);
    this.snapshots = openSnapshots(config, store, clock, snapshotMetrics);
    this.replay =
        new Replay(
            client,
            config.replay(),
            config.store(),
            store,
            clock,
            registry,
            this::concerns,
            this::readinessChanged);
    this.feed =
        new FeedServer(
            config.feed(), store, new ReplayFreshness(replay), graph, clock, access, registry);
  }

  /**
   * Listens, and starts to read.
   *
   * @throws IOException if the port is taken
   */
  public void start() throws IOException {
    feed.start();
    replay.start(snapshots);
    if (snapshots != null) {
      replay.supervise("snapshots", () -> snapshots.run(replay::applied));
    }
  }

  /** Whether requests should be sent here, and why not. */
  public Readiness readiness() {
    return replay.readiness();
  }

  /** What a person should look at, in words; empty while all parts work. */
  public List<String> check() {
    List<String> problems = new ArrayList<>(replay.check());
    if (graph != null) {
      problems.addAll(graph.check());
    }
    return problems;
  }

  /** What became of every event read. */
  public ReplayCounts counts() {
    return replay.counts();
  }

  public ReplayProgress progress() {
    return replay.progress();
  }

  public StoreStats storeStats() {
    return store.stats();
  }

  public FeedLatency recentLatency() {
    return feed.recentLatency();
  }

  public int inFlight() {
    return feed.inFlight();
  }

  /** The port that gRPC listens on, once started. */
  public int grpcPort() {
    return feed.port();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    replay.drain();
    try {
      if (!feed.drain(config.drainGrace())) {
        LOG.warn(
            "Requests were still under way after {} s and were cut off",
            config.drainGrace().toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    feed.close();
    if (snapshots != null) {
      snapshots.stop();
    }
    replay.close();
    if (snapshots != null) {
      snapshots.takeLast(replay::applied);
      snapshots.close();
    }
    if (graph != null) {
      graph.close();
    }
  }

  private static @Nullable Snapshots openSnapshots(
      ServeConfig config, PostStore store, InstantSource clock, SnapshotMetrics metrics)
      throws IOException {
    SnapshotConfig where = config.snapshots();
    return where == null
        ? null
        : new Snapshots(where, config.replay().topic(), config.store(), store, clock, metrics);
  }

  private List<String> concerns() {
    return snapshots == null ? List.of() : snapshots.check();
  }

  private void readinessChanged(Readiness now) {
    feed.serving(now.ready());
  }
}
