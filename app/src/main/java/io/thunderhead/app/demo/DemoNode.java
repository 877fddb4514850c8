package io.thunderhead.app.demo;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.DemoConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.config.QueryConfig;
import io.thunderhead.app.config.StoreBudget;
import io.thunderhead.app.firehose.SyntheticFirehose;
import io.thunderhead.app.generate.FirehosePublisher;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.lifecycle.TemporaryDirectory;
import io.thunderhead.app.metrics.LiveFigures;
import io.thunderhead.app.metrics.MetricSample;
import io.thunderhead.app.publish.CountedProducer;
import io.thunderhead.app.query.FeedClient;
import io.thunderhead.app.role.RoleHttp;
import io.thunderhead.app.role.ServeRole;
import io.thunderhead.app.role.TopicSetup;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.read.PartitionState;
import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.pipeline.transform.TransformConfig;
import io.thunderhead.pipeline.transform.Transformer;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.serving.ServeConfig;
import io.thunderhead.serving.ServingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every role in this process, wired as they are when each is a process of its own: broker, serving
 * node, transformer, generator, and a client that asks. The serving node starts first and takes the
 * ends of its topic before the transformer writes, so that its live counts are this run's.
 */
final class DemoNode {
  private static final Logger LOG = LoggerFactory.getLogger(DemoNode.class);
  private static final String INPUT = Topics.TWEET_EVENTS;
  private static final String OUTPUT = Topics.IN_NETWORK_EVENTS;
  private static final int PARTITIONS = 8;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

  private final DemoConfig config;
  private final Resources resources;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final StopRequest never = new StopRequest();
  private final EmbeddedBroker broker;
  private final KafkaConfig kafka;
  private final LogOffsets offsets;
  private final ServingNode node;
  private final Transformer transformer;
  private final FirehosePublisher publisher;
  private final LiveFigures figures;
  private final FeedClient client;
  private final String http;
  private final String grpc;
  private final long inputAtStart;
  private final long deadLettersAtStart;
  private final long carriedOver;
  private final List<QueryLoad> load = new ArrayList<>();
  private volatile boolean transforming;

  private DemoNode(DemoConfig config, Resources resources) throws Exception {
    this.config = config;
    this.resources = resources;
    this.broker = openBroker();
    this.kafka = KafkaConfig.open(broker.bootstrapServers(), true, PARTITIONS, 1);
    // A stop in the meantime is heeded in awaitReady: what follows needs the topics to be there.
    TopicSetup topics = new TopicSetup(kafka, never);
    topics.await(topics.topic(INPUT), topics.topic(OUTPUT), topics.deadLetters(INPUT));
    offsets = resources.add("offsets", new LogOffsets(kafka.clients()));
    inputAtStart = offsets.end(INPUT);
    deadLettersAtStart = offsets.end(Topics.deadLetters(INPUT));
    TransformConfig transform = TransformConfig.defaults();
    carriedOver = offsets.uncommitted(INPUT, transform.group());
    ServeConfig serve = serveConfig();
    Access access = resources.add("access", Access.open(registry));
    node = resources.add("serving node", new ServingNode(serve, kafka.clients(), access, registry));
    ServeRole.start(node, serve);
    grpc = config.http().bind() + ":" + node.grpcPort();
    figures = resources.add("live figures", LiveFigures.start("demo", registry, this::readiness));
    http =
        config.http().enabled()
            ? RoleHttp.open(config.http(), access, registry, figures, this::readiness, resources)
            : "";
    transformer =
        resources.add("transformer", new Transformer(kafka.clients(), transform, registry));
    CountedProducer producer =
        resources.add(
            "producer",
            new CountedProducer(
                kafka.clients(),
                "generate",
                INPUT,
                ProducerSettings.of(Map.of("pack.max.events", "1", "linger.ms", "10")),
                registry));
    publisher =
        new FirehosePublisher(
            new SyntheticFirehose(config.seed(), config.authors()),
            config.rate(),
            producer,
            registry);
    client = resources.add("client", new FeedClient(grpc, ClientAccess.open()));
  }

  static DemoNode start(DemoConfig config, Resources resources) throws Exception {
    return new DemoNode(config, resources);
  }

  /** Waits until all parts work; returns false if a stop comes first. */
  boolean awaitReady(StopRequest stop) throws InterruptedException {
    while (!node.readiness().ready()) {
      if (stop.await(POLL)) {
        return false;
      }
    }
    transformer.start();
    transforming = true;
    while (!transformer.check().ready()) {
      if (stop.await(POLL)) {
        return false;
      }
    }
    load.add(
        resources.add(
            "queries", QueryLoad.start(client, busiestAuthor(), config.authors(), config.seed())));
    return true;
  }

  String http() {
    return http;
  }

  String grpc() {
    return grpc;
  }

  String kafka() {
    return broker.bootstrapServers();
  }

  long busiestAuthor() {
    return SyntheticFirehose.FIRST_AUTHOR_ID;
  }

  LiveFigures.Event figures() {
    return figures.latest();
  }

  long applied() {
    return node.counts().live().total();
  }

  long posts() {
    return node.storeStats().posts();
  }

  long queriesAnswered() {
    return load.stream().mapToLong(QueryLoad::answered).sum();
  }

  long queriesRefused() {
    return load.stream().mapToLong(QueryLoad::refused).sum();
  }

  Thread startGenerator(StopRequest stop) {
    Duration limit =
        config.seconds() == 0 ? Duration.ofDays(36_500) : Duration.ofSeconds(config.seconds());
    return Thread.ofPlatform()
        .daemon()
        .name("demo-generator")
        .start(() -> {
          try {
            publisher.run(stop, Long.MAX_VALUE, limit);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.error("The generator has stopped", e);
          }
        });
  }

  GetInNetworkPostsResponse sample(int posts) {
    long author = busiestAuthor();
    return client.ask(
        FeedClient.request(
            new QueryConfig(
                grpc, 7, List.of(author, author + 1, author + 2), List.of(), false, posts, false)),
        ASK_LIMIT);
  }

  /** Waits until everything published is in the store; returns false if the limit was too short. */
  boolean drain(Duration limit) throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + limit.toNanos();
    long expected = offsets.end(INPUT) - inputAtStart + carriedOver;
    boolean drained = await(() -> transformed("read") >= expected, deadline);
    for (QueryLoad queries : load) {
      queries.close();
    }
    // Its counts are final once it is closed, and so is the end of its output.
    transformer.close();
    long end = offsets.end(OUTPUT);
    return await(() -> appliedOffsets() >= end, deadline) && drained;
  }

  Ledger ledger() throws InterruptedException, ExecutionException {
    MetricSample sample = MetricSample.of(registry);
    return new Ledger(
        publisher.counts(),
        publisher.acknowledged(),
        offsets.end(INPUT) - inputAtStart,
        carriedOver,
        transformed("read"),
        transformed("written"),
        byReason(sample, "thunderhead_transform_filtered"),
        byReason(sample, "thunderhead_transform_dead_lettered"),
        offsets.end(Topics.deadLetters(INPUT)) - deadLettersAtStart,
        node.counts());
  }

  private interface Condition {
    boolean holds();
  }

  private boolean await(Condition condition, long deadlineNs) throws InterruptedException {
    while (!condition.holds()) {
      if (System.nanoTime() > deadlineNs || never.await(POLL)) {
        return condition.holds();
      }
    }
    return true;
  }

  private long transformed(String what) {
    double value = MetricSample.of(registry).value("thunderhead_transform_" + what);
    return Double.isNaN(value) ? 0 : (long) value;
  }

  private long appliedOffsets() {
    return node.progress().partitions().stream().mapToLong(PartitionState::appliedOffset).sum();
  }

  private static Map<String, Long> byReason(MetricSample sample, String name) {
    Map<String, Long> counts = new TreeMap<>();
    sample
        .byLabel(name, "reason")
        .forEach((reason, value) -> counts.put(reason, value.longValue()));
    return counts;
  }

  private Readiness readiness() {
    Readiness serving = ServeRole.readiness(node);
    List<String> reasons = new ArrayList<>(serving.reasons());
    if (transforming) {
      reasons.addAll(transformer.check().problems());
    } else {
      reasons.add("the transformer has not started yet");
    }
    return new Readiness(serving.ready() && reasons.isEmpty(), reasons);
  }

  private EmbeddedBroker openBroker() throws RoleFailedException, IOException {
    Path kept = config.dataDir();
    Path dir =
        kept != null
            ? kept
            : resources.add("temporary directory", TemporaryDirectory.create("demo")).path();
    try {
      return resources.add(
          "broker", EmbeddedBroker.start(dir, config.http().bind(), config.kafkaPort(), Map.of()));
    } catch (IOException e) {
      throw new RoleFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private ServeConfig serveConfig() {
    ServeConfig defaults = ServeConfig.of(OUTPUT);
    return new ServeConfig(
        defaults.replay(),
        defaults.store().withMaxBytes(StoreBudget.bytes()),
        defaults.feed().withAddress(config.http().bind(), config.grpcPort()),
        defaults.followingFile(),
        defaults.drainGrace());
  }
}
