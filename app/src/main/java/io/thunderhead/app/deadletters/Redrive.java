package io.thunderhead.app.deadletters;

import io.thunderhead.app.config.DeadLettersConfig;
import io.thunderhead.app.deadletters.WayBack.Answer;
import io.thunderhead.app.deadletters.WayBack.Cause;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call that puts letters of a topic back. The records and the ledger's entries for them are one
 * transaction, so that a kill at any moment leaves both or neither, and the transactional id is the
 * topic's, so that a second call first ends what a killed one left open and throws a living one
 * out. Used by one thread.
 */
final class Redrive implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);

  /** How long a killed call holds up the topic's readers, who wait for open transactions. */
  private static final Duration TRANSACTION_LIMIT = Duration.ofSeconds(30);

  /** How long an answer to a commit is waited for. */
  private static final Duration COMMIT_LIMIT = Duration.ofSeconds(60);

  /** What a letter can hold at most. */
  private static final int MAX_REQUEST_BYTES = 96 << 20;

  /** Letters are large at times: a transaction ends early beyond this. */
  private static final long BATCH_BYTES = 16 << 20;

  private static final long PROGRESS_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final DeadLettersConfig config;
  private final LetterFilter filter;
  private final String redriveId;
  private final StopRequest stop;

  /** Null in a dry run, which changes nothing and throws nobody out. */
  private final @Nullable KafkaProducer<byte[], byte[]> producer;

  private final List<Taken> batch = new ArrayList<>();
  private final Map<Cause, Long> passedOver = new EnumMap<>(Cause.class);
  private long batchBytes;
  private long matched;
  private long taken;
  private long redriven;
  private long leftByLimit;
  private long saidNanos = System.nanoTime();

  private record Taken(Letter letter, ProducerRecord<byte[], byte[]> message) {}

  Redrive(DeadLettersConfig config, String redriveId, StopRequest stop) {
    this.config = config;
    this.filter = new LetterFilter(config);
    this.redriveId = redriveId;
    this.stop = stop;
    this.producer = config.dryRun() ? null : producer(config);
  }

  private static KafkaProducer<byte[], byte[]> producer(DeadLettersConfig config) {
    Properties settings = config.kafka().clients().producer("thunderhead-redrive");
    settings.setProperty(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, "thunderhead-redrive-" + config.topic());
    settings.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(TRANSACTION_LIMIT.toMillis()));
    settings.setProperty(
        ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(COMMIT_LIMIT.toMillis()));
    String limit = Integer.toString(MAX_REQUEST_BYTES);
    settings.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limit);
    settings.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, limit);
    return new KafkaProducer<>(settings);
  }

  /**
   * Ends what an earlier call left open, and throws out one that still runs. Only after it the
   * ledger says all there is to know.
   */
  void begin() throws RoleFailedException {
    if (producer == null) {
      return;
    }
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      throw failed("no transaction could be begun", e);
    }
  }

  /** Takes a letter of the topic, in the order of its partition. */
  void offer(Letter letter, RedriveLedger ledger, WayBack wayBack) throws RoleFailedException {
    if (!filter.takes(letter)) {
      return;
    }
    matched++;
    int times = ledger.times(letter.place());
    if (times > 0 && !config.again()) {
      passedOver.merge(Cause.REDRIVEN_BEFORE, 1L, Long::sum);
      return;
    }
    switch (wayBack.of(letter, times)) {
      case Answer.PassedOver(Cause cause) -> passedOver.merge(cause, 1L, Long::sum);
      case Answer.Sent(ProducerRecord<byte[], byte[]> message) -> {
        if (taken >= config.limit()) {
          leftByLimit++;
          return;
        }
        taken++;
        batch.add(new Taken(letter, message));
        batchBytes += letter.bytes().length;
        if (batch.size() >= config.batchSize() || batchBytes >= BATCH_BYTES) {
          commit(ledger);
        }
      }
    }
  }

  /** Puts back what is left, and says what was done. */
  Redriven end(RedriveLedger ledger) throws RoleFailedException {
    commit(ledger);
    return new Redriven(
        config.topic(), redriveId, config.dryRun(), matched, redriven, leftByLimit, passedOver);
  }

  private void commit(RedriveLedger ledger) throws RoleFailedException {
    if (stop.requested()) {
      throw new RoleFailedException(
          "stopped; %d letters were put back, the rest is as it was".formatted(redriven));
    }
    if (producer != null && !batch.isEmpty()) {
      try {
        producer.beginTransaction();
        for (Taken one : batch) {
          var _ = producer.send(one.message());
          var _ = producer.send(ledger.entry(one.letter().place(), redriveId));
        }
        producer.commitTransaction(); // Fails if any of the sends did.
      } catch (ProducerFencedException | InvalidProducerEpochException e) {
        throw failed("another redrive of this topic took over, or the broker was away too long", e);
      } catch (KafkaException e) {
        throw failed("a transaction failed", e);
      }
      batch.forEach(one -> ledger.add(one.letter().place()));
    }
    redriven += batch.size();
    batch.clear();
    batchBytes = 0;
    if (System.nanoTime() - saidNanos >= PROGRESS_EVERY_NANOS) {
      saidNanos = System.nanoTime();
      LOG.info("{} letters of {} put back", redriven, config.topic());
    }
  }

  private RoleFailedException failed(String what, KafkaException cause) {
    return new RoleFailedException(
        ("%s (%s); %d letters are surely back, and a second call goes on where this one ended,"
                + " without repeating any")
            .formatted(what, cause.getMessage(), redriven),
        cause);
  }

  /** An open transaction is given up: its records are never seen. */
  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
  }
}
