package io.thunderhead.log.read;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every partition of a topic, from a point in time on, without a consumer group: nothing is
 * committed, and each start reads again. Partition p is read by thread p modulo the number of
 * threads, and a thread runs only once it has a partition.
 *
 * <pre>
 *   supervisor ── looks for partitions, starts readers, replaces dead ones
 *   monitor ───── asks for the end offsets
 *   reader 0..n ─ poll, hand over, note what is applied     (n below the number of partitions)
 * </pre>
 *
 * {@link #start} returns at once, with or without a broker; {@link #progress} tells how far it is.
 */
public final class PartitionReaders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReaders.class);
  private static final long SUPERVISE_EVERY_MS = 200;
  private static final int DISCOVERY_TIMEOUT_MS = 5_000;
  private static final long STOP_LIMIT_MS = 5_000;

  /** A reader that dies again within this is one that its partitions can't count on. */
  private static final long STEADY_MS = 5_000;

  /** A reader that lived this long and then died is not taken for one that can't live. */
  private static final long FORGIVEN_MS = 60_000;

  private final ClientSettings client;
  private final ReadSettings settings;
  private final EventHandler handler;
  private final ReplayProgress progress;
  private final ReadMetrics metrics;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /** Written by the supervisor, read by whoever checks. */
  private final AtomicReferenceArray<@Nullable RunningReader> readers;

  private @Nullable Admin admin;

  /** The supervisor's; whoever asks for applied offsets reads it. */
  private volatile @Nullable Uuid topicId;

  // The supervisor's own.
  private @Nullable AppliedOffsets resumeFrom;
  private boolean discoveryFailing;
  private long discoveredMs;
  private long nextDiscoveryNs;

  /**
   * @param waitMs how long after its start the reader is replaced at the earliest, should it die
   */
  private record RunningReader(
      PartitionReader reader,
      Thread thread,
      BackOff backOff,
      int deaths,
      long bornNs,
      long waitMs) {

    /** Whether it has died more than once and, if it lives again, not for long. */
    boolean isDying(long nowNs) {
      boolean young = nowNs - bornNs < TimeUnit.MILLISECONDS.toNanos(STEADY_MS);
      return thread.isAlive() ? deaths > 1 && young : deaths > 0;
    }
  }

  public PartitionReaders(
      ClientSettings client,
      ReadSettings settings,
      EventHandler handler,
      PrometheusRegistry registry) {
    this.client = client;
    this.settings = settings;
    this.handler = handler;
    this.progress = new ReplayProgress(settings.topic(), settings.clock());
    this.metrics = new ReadMetrics(settings.topic(), progress, settings.clock(), registry);
    this.readers = new AtomicReferenceArray<>(settings.threads());
  }

  /** Starts the threads; called once. */
  public void start() {
    start(null);
  }

  /**
   * The same, and goes on where an earlier process has come to.
   *
   * @param from what {@link #applied} told of there; null to begin within the window
   */
  public synchronized void start(@Nullable AppliedOffsets from) {
    if (admin != null || stop.getCount() == 0) {
      throw new IllegalStateException("started or closed before");
    }
    Admin opened = Admin.create(client.admin("read-" + settings.topic()));
    admin = opened;
    resumeFrom = from;
    nextDiscoveryNs = System.nanoTime();
    threads.add(start("log-supervisor", () -> supervise(opened)));
    threads.add(
        start("log-progress", new ProgressMonitor(settings, opened, progress, metrics, stop)));
  }

  public ReplayProgress progress() {
    return progress;
  }

  /**
   * How far everything is applied, to go on from there later. What the handler did of an offset
   * below is done when this returns it. Null while that of a partition is not known, or not sure
   * because the offsets have just started anew.
   */
  public @Nullable AppliedOffsets applied() {
    // The id first: with an older one the offsets mean nothing to whoever goes on, and that is
    // safe.
    Uuid id = topicId;
    PartitionProgress[] partitions = progress.current();
    if (id == null || partitions.length == 0) {
      return null;
    }
    List<AppliedOffset> offsets = new ArrayList<>();
    for (PartitionProgress partition : partitions) {
      AppliedOffset offset = partition.resumable();
      if (offset == null) {
        return null;
      }
      offsets.add(offset);
    }
    return new AppliedOffsets(id, offsets);
  }

  /** What is wrong with the reading itself, in words: partitions that nobody reads. */
  public List<String> check() {
    List<String> problems = new ArrayList<>();
    int partitions = progress.current().length;
    for (int partition = 0; partition < partitions; partition++) {
      RunningReader running = readers.get(partition % settings.threads());
      if (running == null || !running.thread().isAlive()) {
        problems.add("partition " + partition + " has no live reader");
      } else {
        String problem = running.reader().problem();
        if (problem != null) {
          problems.add("partition " + partition + " is not being read, " + problem);
        }
      }
    }
    return problems;
  }

  /**
   * The partitions whose reader dies again and again, in words: a single death is made good at once
   * and is not told here.
   */
  public List<String> withoutReader() {
    List<String> reasons = new ArrayList<>();
    int partitions = progress.current().length;
    long nowNs = System.nanoTime();
    for (int partition = 0; partition < partitions; partition++) {
      RunningReader running = readers.get(partition % settings.threads());
      if (running != null && running.isDying(nowNs)) {
        reasons.add(
            "partition %d has no reader that lives: it died %d times"
                .formatted(partition, running.deaths() + (running.thread().isAlive() ? 0 : 1)));
      }
    }
    return reasons;
  }

  /** Stops reading; the handler is not called any more once this returns. */
  @Override
  public synchronized void close() {
    stop.countDown();
    joinAll(threads);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < readers.length(); i++) {
      RunningReader reader = readers.get(i);
      if (reader != null) {
        reader.reader().stop();
        running.add(reader.thread());
      }
    }
    joinAll(running);
    if (admin != null) {
      admin.close();
    }
  }

  private static void joinAll(List<Thread> threads) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_LIMIT_MS);
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (leftMs > 0) {
          thread.join(leftMs);
        }
        if (thread.isAlive()) {
          thread.interrupt();
          thread.join(STOP_LIMIT_MS);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void supervise(Admin admin) {
    try {
      do {
        try {
          if (System.nanoTime() - nextDiscoveryNs >= 0) {
            discover(admin);
          }
          replaceDead();
        } catch (RuntimeException e) {
          LOG.warn("Looking after the readers of {} failed", settings.topic(), e);
        }
      } while (!stop.await(SUPERVISE_EVERY_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void discover(Admin admin) throws InterruptedException {
    long sentMs = settings.clock().millis();
    long everyNs = settings.discoverEvery().toNanos();
    try {
      TopicDescription topic =
          admin
              .describeTopics(
                  List.of(settings.topic()),
                  new DescribeTopicsOptions().timeoutMs(DISCOVERY_TIMEOUT_MS))
              .allTopicNames()
              .get(2 * DISCOVERY_TIMEOUT_MS, TimeUnit.MILLISECONDS)
              .get(settings.topic());
      if (topic != null) {
        discovered(topic, sentMs);
      }
      discoveryFailing = false;
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      boolean missing = cause instanceof UnknownTopicOrPartitionException;
      String reason = missing ? "it does not exist" : "no answer, " + cause.getMessage();
      progress.obstacle(reason, missing);
      metrics.discoveryErrors.labelValues(settings.topic()).inc();
      if (!discoveryFailing) {
        LOG.info("The partitions of {} are not known: {}", settings.topic(), reason);
      }
      discoveryFailing = true;
      if (progress.current().length == 0) {
        everyNs = Math.min(everyNs, TimeUnit.MILLISECONDS.toNanos(SUPERVISE_EVERY_MS));
      }
    }
    nextDiscoveryNs = System.nanoTime() + everyNs;
  }

  private void discovered(TopicDescription topic, long sentMs) {
    PartitionProgress[] before = progress.current();
    int count = topic.partitions().size();
    Uuid known = topicId;
    boolean remade = known != null && !known.equals(topic.topicId());
    if (count != before.length) {
      LOG.info("Topic {} has {} partitions", settings.topic(), count);
      PartitionProgress[] now = Arrays.copyOf(before, count);
      for (int partition = before.length; partition < count; partition++) {
        // What was logged before the last look, when it was not there, is on the others.
        now[partition] =
            known == null
                ? first(partition, topic.topicId())
                : new PartitionProgress(partition, before.length > 0, discoveredMs);
      }
      progress.replace(now);
    }
    if (remade) {
      for (int partition = 0; partition < Math.min(count, before.length); partition++) {
        before[partition].requestRewind();
      }
    }
    progress.found();
    topicId = topic.topicId();
    discoveredMs = sentMs;
  }

  /** A partition that was there when this process looked for the first time. */
  private PartitionProgress first(int partition, Uuid id) {
    AppliedOffsets from = resumeFrom;
    if (from == null) {
      return new PartitionProgress(partition, false, 0);
    }
    if (!from.topicId().equals(id)) {
      // Made again since: all of it is new.
      if (partition == 0) {
        LOG.warn(
            "Topic {} was made again since its applied offsets were noted; reading it from the"
                + " beginning",
            settings.topic());
      }
      metrics.rewinds.labelValues(settings.topic()).inc();
      return new PartitionProgress(partition, true, 0);
    }
    AppliedOffset offset = from.of(partition);
    return offset == null
        ? new PartitionProgress(partition, false, 0)
        : PartitionProgress.resumed(offset);
  }

  private void replaceDead() {
    int wanted = Math.min(settings.threads(), progress.current().length);
    long nowNs = System.nanoTime();
    for (int number = 0; number < wanted; number++) {
      RunningReader running = readers.get(number);
      if (running == null) {
        readers.set(number, startReader(number, new BackOff(), 0));
      } else if (!running.thread().isAlive()) {
        replace(number, running, nowNs);
      }
    }
  }

  private void replace(int number, RunningReader dead, long nowNs) {
    long sinceBirthMs = TimeUnit.NANOSECONDS.toMillis(nowNs - dead.bornNs());
    if (sinceBirthMs < dead.waitMs()) {
      return;
    }
    int deaths = dead.deaths() + 1;
    if (sinceBirthMs > FORGIVEN_MS) {
      dead.backOff().reset();
      deaths = 0;
    }
    metrics.readerRestarts.labelValues(settings.topic()).inc();
    readers.set(number, startReader(number, dead.backOff(), deaths));
  }

  private RunningReader startReader(int number, BackOff backOff, int deaths) {
    PartitionReader reader =
        new PartitionReader(
            number, settings, () -> openConsumer(number), progress, handler, metrics);
    Thread thread = start("log-reader-" + number, reader);
    return new RunningReader(reader, thread, backOff, deaths, System.nanoTime(), backOff.nextMs());
  }

  private Consumer<byte[], byte[]> openConsumer(int number) {
    Properties properties = client.consumer("read-" + settings.topic() + "-" + number);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(settings.maxPollRecords()));
    properties.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(settings.fetchMaxBytes()));
    properties.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        Integer.toString(settings.maxPartitionFetchBytes()));
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Thread start(String name, Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .uncaughtExceptionHandler(
            (thread, error) -> LOG.warn("Thread {} died", thread.getName(), error))
        .start(work);
  }
}
