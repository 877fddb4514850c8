package io.thunderhead.pipeline.edge.ingest;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.pipeline.edge.ParsedRecord;
import io.thunderhead.pipeline.edge.RecordFault;
import io.thunderhead.pipeline.edge.ThreadRoots;
import io.thunderhead.pipeline.edge.firehose.BackOff;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.ReconnectRules;
import io.thunderhead.pipeline.edge.spool.Spool;
import io.thunderhead.pipeline.edge.spool.SpoolStats;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a firehose and writes its activities, whether Kafka is there or not.
 *
 * <pre>
 *   a thread per connection: read, parse ─▶ hand-off ─▶ intake: known already? ─▶ outbox ─▶ sender ─▶ Kafka
 *                                           (bounded)   one thread                └▶ spool ─┘
 * </pre>
 *
 * A record's cursor and its count are kept once it is acknowledged by Kafka or synced in the spool,
 * in the order in which records were taken in; so after a kill everything that was accepted is
 * there, and what is read again was not counted before.
 */
public final class EdgeIngester implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeIngester.class);
  private static final int BATCH_RECORDS = 512;
  private static final long TICK_MS = 10;
  private static final long SAVE_INTERVAL_MS = 500;
  private static final int REMEMBERED_THREADS = 100_000;
  private static final int MAX_ACTIVITY_BYTES = ClientSettings.MAX_REQUEST_BYTES - 1024;
  private static final Duration KAFKA_LIMIT = Duration.ofSeconds(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final EdgeConfig config;
  private final Firehose firehose;
  private final InstantSource clock;
  private final EdgeMetrics metrics;
  private final @Nullable Spool spool;
  private final HandOff handOff;
  private final Outbox outbox;
  private final Sender sender;
  private final List<ConnectionLoop> connections = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();
  private final Thread intakeThread;
  private final Thread senderThread;

  // The intake's thread only.
  private final RecentActivities recent;
  private final @Nullable RecentJournal journal;
  private final ThreadRoots threadRoots = new ThreadRoots(REMEMBERED_THREADS);

  /** Settled on the intake's and the sender's threads, saved by the intake. */
  private final EdgeState state;

  // Guarded by the state, as what is in it.
  private boolean unsaved;
  private long settledRecords;
  private final List<Long> unsavedKeys = new ArrayList<>();

  // The intake's thread, and after it whoever closes.
  private boolean saveFails;
  private volatile boolean started;
  private volatile boolean readersDone;
  private volatile long lastReceivedMs;

  /** An edge that does nothing before {@link #start}. */
  public EdgeIngester(
      EdgeConfig config, Firehose firehose, ClientSettings client, PrometheusRegistry registry)
      throws IOException {
    this(config, firehose, client, registry, ReconnectRules.defaults(), InstantSource.system());
  }

  /**
   * With other rules.
   *
   * @throws IOException if spool or cursor file can't be used
   */
  public EdgeIngester(
      EdgeConfig config,
      Firehose firehose,
      ClientSettings client,
      PrometheusRegistry registry,
      ReconnectRules rules,
      InstantSource clock)
      throws IOException {
    this.config = config;
    this.firehose = firehose;
    this.clock = clock;
    this.metrics = new EdgeMetrics(registry);
    this.state = EdgeState.load(config.cursorFile(), firehose.name(), firehose.connections());
    metrics.settled(state.counts());
    Path spoolDir = config.spoolDir();
    this.spool = spoolDir == null ? null : Spool.open(spoolDir, config.spoolBytes(), clock);
    this.handOff = new HandOff(config.handOffEvents(), config.handOffBytes());
    this.outbox = new Outbox(config, firehose.live(), firehose.connections(), spool, this::settled);
    this.sender = new Sender(config, client, outbox);
    this.recent = new RecentActivities(config.dedupeEvents());
    this.journal = journal(config, state.recent());
    if (journal != null) {
      Arrays.stream(journal.takeKnown()).forEach(recent::add);
    }
    for (int i = 0; i < firehose.connections(); i++) {
      BackOff backOff = new BackOff(rules, new SplittableRandom());
      ConnectionLoop loop =
          new ConnectionLoop(firehose, i, state.cursors()[i], config, handOff, backOff, metrics);
      connections.add(loop);
      readers.add(Thread.ofPlatform().daemon().name("edge-read-" + i).unstarted(loop));
    }
    intakeThread = Thread.ofPlatform().daemon().name("edge-intake").unstarted(this::takeIn);
    senderThread = Thread.ofPlatform().daemon().name("edge-send").unstarted(sender);
    registerGauges();
  }

  private static @Nullable RecentJournal journal(EdgeConfig config, RecentJournal.Mark mark)
      throws IOException {
    Path file = config.cursorFile();
    return file == null || config.dedupeEvents() == 0
        ? null
        : RecentJournal.open(file, config.dedupeEvents(), mark);
  }

  /** Starts reading and sending, and returns. */
  public void start() {
    started = true;
    senderThread.start();
    intakeThread.start();
    readers.forEach(Thread::start);
  }

  /** How it is; any thread. */
  public EdgeHealth check() {
    List<String> reasons = new ArrayList<>();
    String fatal = null;
    int working = 0;
    boolean ended = true;
    for (ConnectionLoop connection : connections) {
      String problem = connection.problem();
      if (problem == null) {
        working++;
      } else {
        reasons.add(problem);
      }
      fatal = connection.fatal() == null ? fatal : connection.fatal();
      ended &= connection.ended();
    }
    if (started && !intakeThread.isAlive() && !readersDone) {
      fatal = "the intake has stopped";
    }
    String spoolProblem = outbox.spoolProblem();
    boolean room = sender.isConnected() || spool != null;
    if (!sender.isConnected()) {
      reasons.add("no Kafka: " + sender.problem());
    }
    if (outbox.isSpooling()) {
      reasons.add("spooling to " + config.spoolDir());
    }
    if (spoolProblem != null) {
      room = false;
      reasons.add(spoolProblem);
    }
    return new EdgeHealth(working > 0 && room, reasons, fatal, ended);
  }

  /** Whether the source came to its end and Kafka has acknowledged everything. */
  public boolean isDone() {
    return check().ended() && inFlight() == 0 && outbox.isSettled(true);
  }

  /** What became of all records that are safe, those of earlier runs among them; any thread. */
  public EdgeCounts counts() {
    synchronized (state) {
      return state.counts().copy();
    }
  }

  /** Records read whose outcome is not safe yet. */
  public long inFlight() {
    synchronized (state) {
      return handOff.total() - settledRecords;
    }
  }

  /** Stops reading, makes what was read safe, and saves the cursor. */
  @Override
  public void close() throws IOException {
    boolean interrupted = started && stopThreads();
    long lost = inFlight();
    if (lost > 0) {
      LOG.warn("{} records were read and could not be made safe; they were never accepted", lost);
    }
    save();
    if (check().ended() && lost == 0 && config.cursorFile() != null && !firehose.live()) {
      Files.deleteIfExists(config.cursorFile()); // The next run is of another file.
      if (journal != null) {
        journal.delete();
      }
    }
    if (journal != null) {
      journal.close();
    }
    if (spool != null) {
      spool.close();
    }
    if (firehose instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IOException("the firehose did not close", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends reading, intake and sending, in this order; returns whether it was interrupted. */
  private boolean stopThreads() {
    connections.forEach(ConnectionLoop::stop);
    boolean interrupted = false;
    try {
      for (Thread reader : readers) {
        reader.join(Duration.ofSeconds(2));
        if (reader.isAlive()) {
          reader.interrupt(); // It waits for room, or in a library that a close does not wake.
        }
      }
      readersDone = true;
      outbox.giveUpAt(System.nanoTime() + (spool == null ? STOP_LIMIT : KAFKA_LIMIT).toNanos());
      if (intakeThread.isAlive()) {
        intakeThread.join(STOP_LIMIT.plus(KAFKA_LIMIT));
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    intakeThread.interrupt();
    senderThread.interrupt();
    try {
      intakeThread.join(Duration.ofSeconds(2));
      senderThread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return interrupted;
  }

  private void takeIn() {
    List<Received> records = new ArrayList<>(BATCH_RECORDS);
    long saveMs = clock.millis();
    try {
      while (!readersDone || handOff.size() > 0) {
        handOff.take(records, BATCH_RECORDS, TICK_MS);
        if (!records.isEmpty()) {
          lastReceivedMs = clock.millis();
          outbox.offer(batchOf(records));
          records.clear();
        }
        outbox.tick();
        if (clock.millis() - saveMs >= SAVE_INTERVAL_MS) {
          saveMs = clock.millis();
          saveOrSay();
        }
      }
      outbox.stop();
      long start = System.nanoTime();
      while (!outbox.isSettled(false) && System.nanoTime() - start < STOP_LIMIT.toNanos()) {
        outbox.tick();
        Thread.sleep(TICK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Batch batchOf(List<Received> records) {
    Batch batch = outbox.newBatch();
    long latest = clock.millis() / 1000 + config.futureSkewSeconds();
    for (Received received : records) {
      switch (received.parsed()) {
        case ParsedRecord.Accepted(Activity activity) -> accept(batch, received, activity, latest);
        case ParsedRecord.Filtered(var reason) -> batch.counts.filtered(reason, 1);
        case ParsedRecord.Malformed(RecordFault fault) ->
            reject(batch, received, fault, received.letter());
      }
      batch.cursors[received.connection()] = received.cursor();
    }
    return batch;
  }

  private void accept(Batch batch, Received received, Activity activity, long latest) {
    if (activity.getCreatedAt() > latest && activity.getVerb() != Verb.VERB_DELETE) {
      reject(batch, received, RecordFault.CREATED_IN_FUTURE, letterOf(received, activity));
      return;
    }
    long key = RecentActivities.keyOf(activity);
    if (!recent.add(key)) {
      batch.counts.duplicate(1);
      return;
    }
    byte[] bytes = threadRoots.complete(activity).toByteArray();
    if (bytes.length > MAX_ACTIVITY_BYTES) {
      reject(batch, received, RecordFault.TOO_LARGE, letterOf(received, activity));
      return;
    }
    batch.add(new OutboundEvent.Activity(ActivityToTweetEvent.keyOf(activity), bytes));
    batch.counts.accepted(1);
    if (journal != null) {
      batch.keys.add(key);
    }
  }

  private static byte[] letterOf(Received received, Activity activity) {
    return activity.getOriginal().isEmpty()
        ? received.letter()
        : activity.getOriginal().toByteArray();
  }

  private void reject(Batch batch, Received received, RecordFault fault, byte[] letter) {
    byte[] kept =
        letter.length <= config.deadLetterBytes()
            ? letter
            : Arrays.copyOf(letter, config.deadLetterBytes());
    batch.add(
        new OutboundEvent.DeadLetter(
            firehose.name(),
            received.connection(),
            received.cursor(),
            fault.label(),
            received.fullLength(),
            kept));
    batch.counts.deadLettered(fault, 1);
  }

  private void settled(Batch batch) {
    synchronized (state) {
      state.counts().add(batch.counts);
      for (int i = 0; i < batch.cursors.length; i++) {
        state.cursors()[i] = Math.max(state.cursors()[i], batch.cursors[i]);
      }
      settledRecords += batch.counts.received();
      unsavedKeys.addAll(batch.keys);
      unsaved = true;
    }
    metrics.settled(batch.counts);
  }

  private void saveOrSay() {
    try {
      save();
      if (saveFails) {
        LOG.info("The cursor is saved in {} again", config.cursorFile());
        saveFails = false;
      }
    } catch (IOException e) {
      synchronized (state) {
        unsaved = true;
        int tooMany = unsavedKeys.size() - 2 * config.dedupeEvents();
        if (tooMany > 0) {
          unsavedKeys.subList(0, tooMany).clear();
        }
      }
      if (!saveFails) {
        LOG.warn("The cursor can't be saved in {}: {}", config.cursorFile(), e.getMessage());
        saveFails = true;
      }
    }
  }

  private void save() throws IOException {
    Path file = config.cursorFile();
    long[] cursors;
    EdgeCounts counts;
    List<Long> keys;
    synchronized (state) {
      if (file == null || !unsaved) {
        return;
      }
      unsaved = false;
      cursors = state.cursors().clone();
      counts = state.counts().copy();
      keys = List.copyOf(unsavedKeys);
    }
    RecentJournal.Mark mark = RecentJournal.Mark.NONE;
    if (journal != null) {
      mark = journal.append(keys);
      synchronized (state) {
        unsavedKeys.subList(0, keys.size()).clear();
      }
    }
    new EdgeState(state.source(), cursors, counts, mark).save(file);
    if (journal != null) {
      journal.saved();
    }
  }

  private void registerGauges() {
    metrics.gauge(
        "in_flight_records", "Records read whose outcome is not safe yet", this::inFlight);
    metrics.gauge(
        "in_flight_bytes",
        "Memory of the records read whose outcome is not safe yet",
        () -> handOff.bytes() + outbox.windowBytes());
    metrics.gauge(
        "connections",
        "Connections to the source that bring records",
        () -> connections.stream().filter(c -> c.problem() == null && !c.ended()).count());
    metrics.gauge(
        "idle_seconds",
        "Since the last record was taken in",
        () -> lastReceivedMs == 0 ? 0 : (clock.millis() - lastReceivedMs) / 1000d);
    metrics.gauge(
        "spooling", "1 while events go over the spool, else 0", () -> outbox.isSpooling() ? 1 : 0);
    metrics.gauge(
        "kafka_connected",
        "1 while Kafka can be written to, else 0",
        () -> sender.isConnected() ? 1 : 0);
    metrics.gauge("spool_size_bytes", "Bytes in the spool", () -> spoolStats().sizeBytes());
    metrics.gauge("spool_segments", "Files of the spool", () -> spoolStats().segments());
    metrics.gauge("spool_events", "Events in the spool", () -> spoolStats().entries());
    metrics.gauge(
        "spool_oldest_seconds",
        "Age of the oldest file of the spool; 0 if it is empty",
        () -> {
          long oldest = spoolStats().oldestMs();
          return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1000d;
        });
    metrics.counter("spooled_total", "Events that went over the spool", outbox::spooledEvents);
    metrics.counter(
        "published_total",
        "Events that Kafka acknowledged, dead letters among them; what had to be sent twice twice",
        outbox::publishedEvents);
    metrics.counter("producer_restarts_total", "Producers given up and replaced", sender::restarts);
    metrics.counter(
        "refused_by_topic_total",
        "Accepted activities larger than the topic takes; they became dead letters",
        () -> counts().refusedByTopic());
    metrics.counter(
        "resent_total",
        "Events that were with a producer when it was given up; Kafka may have them twice",
        outbox::resentEvents);
    metrics.counter(
        "spool_torn_bytes_total",
        "Bytes cut off the spool at start: written by a killed process, never safe",
        () -> spoolStats().tornBytes());
    metrics.counter(
        "spool_damaged_segments_total",
        "Files of the spool found damaged at start and set aside",
        () -> spoolStats().damagedSegments());
  }

  private SpoolStats spoolStats() {
    SpoolStats stats = outbox.spoolStats();
    return stats == null ? new SpoolStats(0, 0, 0, 0, 0, 0, 0) : stats;
  }
}
