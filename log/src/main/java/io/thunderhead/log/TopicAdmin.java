package io.thunderhead.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a role's topics, creates those that are missing, and waits until they can be used. Every
 * call waits for a broker that is not up yet, up to a limit, because roles and broker start in any
 * order.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

  /** How long a call waits for a broker by default. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

  private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(5);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);
  private static final long PAUSE_MS = 200;

  /** Headers, the key and a worse compression than the source's must fit beside the original. */
  private static final int DEAD_LETTER_HEADROOM_BYTES = 64 << 10;

  private final ClientSettings settings;
  private final Duration limit;
  private final Admin admin;

  public TopicAdmin(ClientSettings settings) {
    this(settings, DEFAULT_LIMIT);
  }

  /**
   * Connects when first used.
   *
   * @param limit how long each call may wait for a broker or a topic
   */
  public TopicAdmin(ClientSettings settings, Duration limit) {
    this.settings = settings;
    this.limit = limit;
    this.admin = Admin.create(settings.admin("thunderhead-admin"));
  }

  /**
   * Creates the topics that are missing and returns once all can be written and read. Another role
   * may create the same ones at the same time. A topic's dead letters are to be named after it.
   *
   * @throws LogUnavailableException if the limit passes, or the broker refuses
   */
  public void ensure(TopicSpec... topics) throws InterruptedException {
    for (TopicSpec topic : topics) {
      retry("create the topic " + topic.name(), () -> createIfMissing(topic));
      awaitUsable(topic.name());
    }
  }

  /**
   * Waits until the topics exist, without creating any.
   *
   * @throws LogUnavailableException if one is still missing when the limit passes
   */
  public void require(String... topics) throws InterruptedException {
    for (String topic : topics) {
      awaitUsable(topic);
    }
  }

  /** How many partitions the topic has. */
  public int partitions(String topic) throws InterruptedException {
    return retry("describe the topic " + topic, () -> describe(topic).partitions().size());
  }

  /** What tells the topic from one of the same name that was there before. */
  public Uuid topicId(String topic) throws InterruptedException {
    return retry("describe the topic " + topic, () -> describe(topic).topicId());
  }

  /** The largest batch of records that the topic takes, in bytes as they are stored. */
  public int maxMessageBytes(String topic) throws InterruptedException {
    return retry("read the configuration of the topic " + topic, () -> readMaxMessageBytes(topic));
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO); // Nothing is under way: every call above waits for its answer.
  }

  private void awaitUsable(String topic) throws InterruptedException {
    retry(
        "find a leader for each partition of the topic " + topic,
        () -> {
          List<TopicPartitionInfo> partitions = describe(topic).partitions();
          if (partitions.stream().anyMatch(p -> p.leader() == null)) {
            throw new UnknownTopicOrPartitionException("a partition has no leader");
          }
          awaitLeaders(topic, partitions);
          return topic;
        });
  }

  /**
   * The controller names a leader before that one knows of it, and until then refuses what it gets,
   * which clients warn about. Only a leader answers where a partition ends.
   */
  private void awaitLeaders(String topic, List<TopicPartitionInfo> partitions) throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicPartitionInfo partition : partitions) {
      ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
    }
    await(admin.listOffsets(ends).all());
  }

  private Boolean createIfMissing(TopicSpec spec) throws Exception {
    if (await(admin.listTopics().names()).contains(spec.name())) {
      return false;
    }
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    String source = spec.deadLettersOf();
    if (source != null) {
      config.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
      config.put(
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          Long.toString(
              Math.min(
                  Integer.MAX_VALUE,
                  2L * readMaxMessageBytes(source) + DEAD_LETTER_HEADROOM_BYTES)));
    }
    NewTopic topic =
        new NewTopic(
                spec.name(),
                Optional.of(spec.partitions()),
                Optional.of((short) spec.replicationFactor()))
            .configs(config);
    try {
      await(admin.createTopics(List.of(topic)).all());
      LOG.info("Created the topic {} with {} partitions", spec.name(), spec.partitions());
      return true;
    } catch (TopicExistsException e) {
      return false; // Somebody was faster.
    }
  }

  private TopicDescription describe(String topic) throws Exception {
    Map<String, TopicDescription> found =
        await(admin.describeTopics(List.of(topic)).allTopicNames());
    TopicDescription description = found.get(topic);
    if (description == null) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
    return description;
  }

  private int readMaxMessageBytes(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
    ConfigEntry entry = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (entry == null || entry.value() == null) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
    return Integer.parseInt(entry.value());
  }

  private interface Attempt<T> {
    T run() throws Exception;
  }

  /** Repeats what may get better by itself; everything else becomes a message for a person. */
  private <T> T retry(String what, Attempt<T> attempt) throws InterruptedException {
    long start = System.nanoTime();
    long nextProgress = start + PROGRESS_INTERVAL.toNanos();
    while (true) {
      Exception failure;
      try {
        return attempt.run();
      } catch (InterruptedException e) {
        throw e;
      } catch (RetriableException
          | InvalidReplicationFactorException // Brokers may still be starting.
          | TimeoutException e) {
        failure = e;
      } catch (AuthenticationException e) {
        throw new AccessRefusedException(settings.bootstrapServers(), e);
      } catch (AuthorizationException e) {
        throw new LogUnavailableException("not allowed to " + what + ": " + e.getMessage(), e);
      } catch (Exception e) {
        throw new LogUnavailableException(
            "could not " + what + " at " + settings.bootstrapServers() + ": " + e.getMessage(), e);
      }
      long now = System.nanoTime();
      if (now - start >= limit.toNanos()) {
        throw new LogUnavailableException(timedOut(what, failure), failure);
      }
      if (now - nextProgress >= 0) {
        nextProgress = now + PROGRESS_INTERVAL.toNanos();
        LOG.info(
            "Waiting for Kafka at {} to {} ({} of {} s)",
            settings.bootstrapServers(),
            what,
            Duration.ofNanos(now - start).toSeconds(),
            limit.toSeconds());
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private String timedOut(String what, Exception failure) {
    String waited = " within " + limit.toSeconds() + " s";
    return failure instanceof UnknownTopicOrPartitionException
            || failure instanceof InvalidReplicationFactorException
        ? "could not " + what + waited + ": " + failure.getMessage()
        : "no Kafka broker at " + settings.bootstrapServers() + " let us " + what + waited;
  }

  private <T> T await(KafkaFuture<T> future) throws Exception {
    try {
      long waitMs = Math.min(ATTEMPT_LIMIT.toMillis(), Math.max(1, limit.toMillis()));
      return future.get(waitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** The specs of a topic and of its dead letters, as a group reader needs them. */
  public static TopicSpec[] withDeadLetters(TopicSpec... topics) {
    List<TopicSpec> all = new ArrayList<>(Arrays.asList(topics));
    for (TopicSpec topic : topics) {
      all.add(TopicSpec.deadLetters(topic.name(), topic.partitions(), topic.replicationFactor()));
    }
    return all.toArray(TopicSpec[]::new);
  }
}
