package io.thunderhead.pipeline.transform;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.group.BatchHandler;
import io.thunderhead.log.group.GroupHealth;
import io.thunderhead.log.group.GroupReader;
import io.thunderhead.log.group.GroupSettings;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingProducer;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Reads a firehose topic in a consumer group and writes the in-network topic, each author's events
 * in order. At least once: after a crash, events since the last commit are written again.
 *
 * <p>Each loop has a consumer and a producer of its own. A producer that gives a write up is
 * finished, and so are only its own loop's open batches; and no thread waits for another's buffer.
 *
 * <p>The topics must exist, the dead letters' included.
 */
public final class Transformer implements AutoCloseable {
  private static final String ROLE = "transform";

  /** How long a loop's start waits for a broker before it counts as failed and backs off. */
  private static final Duration TOPIC_LIMIT = Duration.ofSeconds(10);

  private final ClientSettings client;
  private final TransformConfig config;
  private final InstantSource clock;
  private final TransformCounters counters;
  private final GroupReader reader;

  /** A transformer that does nothing before {@link #start}. */
  public Transformer(ClientSettings client, TransformConfig config, PrometheusRegistry registry) {
    this(client, config, registry, InstantSource.system());
  }

  Transformer(
      ClientSettings client,
      TransformConfig config,
      PrometheusRegistry registry,
      InstantSource clock) {
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.counters = new TransformCounters(registry);
    GroupSettings settings =
        new GroupSettings(
            ROLE,
            config.inputTopic(),
            config.group(),
            config.threads(),
            config.batchSize(),
            config.maxUncommittedRecords(),
            config.maxInFlightBytes(),
            GroupSettings.DEFAULT_COMMIT_INTERVAL,
            GroupSettings.DEFAULT_DRAIN_LIMIT,
            config.protocol());
    this.reader = new GroupReader(client, settings, this::openHandler, registry);
  }

  /** Starts the loops and returns; {@link #check} says when they work. */
  public void start() {
    reader.start();
  }

  /** Whether each loop lives and works; any thread. */
  public GroupHealth check() {
    return reader.check();
  }

  /** Stops reading, writes what was read, commits it and leaves the group. */
  @Override
  public void close() {
    reader.close();
  }

  private BatchHandler openHandler(int loop) throws InterruptedException {
    PackingProducer output =
        new PackingProducer(
            client, packSettings(), ROLE + "-" + loop, failure -> counters.sendFailed());
    DeadLetters deadLetters =
        new DeadLetters(
            client, ROLE + "-" + loop + "-dead-letters", failure -> counters.sendFailed());
    return new TransformHandler(decoder(), output, deadLetters, counters, clock);
  }

  /** Asked at each start of a loop, so that a limit that was lowered heals what it broke. */
  private PackSettings packSettings() throws InterruptedException {
    try (TopicAdmin topics = new TopicAdmin(client, TOPIC_LIMIT)) {
      int topicLimit = topics.maxMessageBytes(config.outputTopic());
      return new PackSettings(
          config.outputTopic(),
          config.packEvents(),
          PackSettings.DEFAULT_PACK_BYTES,
          Duration.ofMillis(config.lingerMs()),
          config.compression(),
          Math.min(topicLimit, ClientSettings.MAX_REQUEST_BYTES));
    }
  }

  private EventDecoder decoder() {
    return switch (config.inputFormat()) {
      case THRIFT -> new ThriftDecoder(config);
      case ACTIVITY -> new ActivityDecoder(config);
    };
  }
}
