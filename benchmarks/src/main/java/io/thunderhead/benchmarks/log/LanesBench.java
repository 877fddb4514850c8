package io.thunderhead.benchmarks.log;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.log.write.Encoder;
import io.thunderhead.log.write.EventProducer;
import io.thunderhead.log.write.ProducerMetrics;
import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.log.write.QueueItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Who pays for compression, and what lanes gain, with one broker and with three. The plain producer
 * is one KafkaProducer that several threads share, one record per event; lanes are fed by one
 * thread. Every round takes all of them in turn; one before the first is not counted.
 */
final class LanesBench {
  private static final String CALLER = "bench-caller";
  private static final String SENDER = "kafka-producer-network-thread";
  private static final int[] WIDTHS = {1, 2, 4};
  private static final int PACK = 100;

  private final BrokerProcess brokers;
  private final String suffix;
  private final BenchTopics topics;
  private final Report report;
  private final int rounds;
  private final Events events;
  private final Rates rates = new Rates();

  /**
   * @param suffix ends the rows' names
   */
  LanesBench(BrokerProcess brokers, String suffix, Report report, int events, int rounds) {
    this.brokers = brokers;
    this.suffix = suffix;
    this.topics = new BenchTopics(brokers.client());
    this.report = report;
    this.rounds = rounds;
    this.events = new Events(events);
  }

  /** Wall and CPU time of one run. */
  private record Times(long wallNs, long callersNs, long lanesNs, long sendersNs, long brokersNs) {}

  void run() throws InterruptedException {
    report.progress("lanes" + suffix + ", a round to get warm");
    round(new Rates());
    for (int round = 1; round <= rounds; round++) {
      report.progress("lanes" + suffix + ", round " + round + " of " + rounds);
      round(rates);
    }
    whoPays("plain", "plain-none-1", "plain-zstd-1");
    whoPays("packed", "packed-none-1", "packed-zstd-1");
    for (int width : WIDTHS) {
      gain(width, "", "plain-zstd-", " calling threads, plain records");
      gain(width, "-same-records", "packed-zstd-", " calling threads, packed records ready-made");
      for (String party : List.of("caller", "lane", "sender", "broker")) {
        shares("lanes-zstd-" + width, "plain-zstd-" + width, party);
      }
    }
    report.fact("lanes-rounds" + suffix, rates.all());
  }

  private void round(Rates to) throws InterruptedException {
    note(to, "plain-none-1", plain("none", 1, 1));
    note(to, "packed-none-1", plain("none", 1, PACK));
    for (int width : WIDTHS) {
      note(to, "plain-zstd-" + width, plain("zstd", width, 1));
      note(to, "packed-zstd-" + width, plain("zstd", width, PACK));
      note(to, "lanes-zstd-" + width, lanes("zstd", width));
    }
  }

  private void note(Rates to, String name, Times times) {
    double count = events.count();
    to.add(name, count * 1e9 / times.wallNs());
    to.add(name + "-caller-ns", times.callersNs() / count);
    to.add(name + "-lane-ns", times.lanesNs() / count);
    to.add(name + "-sender-ns", times.sendersNs() / count);
    to.add(name + "-broker-ns", times.brokersNs() / count);
  }

  /** CPU time per event of one party, lanes beside the plain producer of as many callers. */
  private void shares(String lanes, String plain, String party) {
    report.add(
        Row.lessIsBetter(
            "cpu-" + lanes + "-" + party + suffix,
            rates.median(lanes + "-" + party + "-ns"),
            "ns/event",
            rates.median(plain + "-" + party + "-ns"),
            "one KafkaProducer, plain records, as many calling threads"));
  }

  /** CPU time per event of each party, with zstd and beside it without a codec. */
  private void whoPays(String what, String none, String zstd) {
    for (String party : List.of("caller", "sender", "broker")) {
      report.add(
          Row.lessIsBetter(
              "cpu-" + what + "-zstd-" + party + suffix,
              rates.median(zstd + "-" + party + "-ns"),
              "ns/event",
              rates.median(none + "-" + party + "-ns"),
              "the same without a codec"));
    }
  }

  private void gain(int width, String which, String baseline, String against) {
    report.add(
        Row.moreIsBetter(
            "lanes-" + width + "-zstd" + which + suffix,
            rates.median("lanes-zstd-" + width),
            "events/s",
            rates.median(baseline + width),
            "one KafkaProducer, " + width + against));
  }

  private Times plain(String codec, int callers, int pack) throws InterruptedException {
    String topic = topics.create("plain");
    List<ProducerRecord<byte[], byte[]>> records = events.records(topic, pack);
    Properties settings = brokers.client().producer("bench-plain");
    settings.setProperty("compression.type", codec);
    AtomicLong callersNs = new AtomicLong();
    Ended ended = new Ended();
    System.gc(); // What the run before has left is not this one's to collect.
    Times times;
    try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
      var _ = producer.partitionsFor(topic);
      long brokersBefore = brokers.cpuNs();
      long start = System.nanoTime();
      CountDownLatch done = new CountDownLatch(callers);
      for (int caller = 0; caller < callers; caller++) {
        int first = caller;
        Thread _ =
            Thread.ofPlatform()
                .name(CALLER)
                .start(() -> {
                  for (int i = first; i < records.size(); i += callers) {
                    var _ = producer.send(records.get(i), ended);
                  }
                  callersNs.addAndGet(ThreadTimes.currentNs());
                  done.countDown();
                });
      }
      done.await();
      producer.flush();
      long wall = System.nanoTime() - start;
      times =
          new Times(
              wall, callersNs.get(), 0, ThreadTimes.sumNs(SENDER), brokers.cpuNs() - brokersBefore);
    }
    ended.requireNoFailure();
    topics.delete(topic);
    return times;
  }

  private Times lanes(String codec, int lanes) throws InterruptedException {
    String topic = topics.create("lanes");
    ProducerSettings settings =
        ProducerSettings.of(
            Map.of(
                "compression.codec", codec,
                "pack.max.events", Integer.toString(PACK),
                "producer.lanes", Integer.toString(lanes)));
    Ended ended = new Ended();
    System.gc();
    Times times;
    try (var producer =
        new EventProducer<>(
            brokers.client(),
            settings,
            "bench",
            Encoder.bytes(),
            new ProducerMetrics(new PrometheusRegistry()))) {
      long brokersBefore = brokers.cpuNs();
      long callerBefore = ThreadTimes.currentNs();
      long start = System.nanoTime();
      for (int i = 0; i < events.count(); i++) {
        producer.send(new QueueItem<>(topic, events.key(i), events.alone(i), ended.failures()));
      }
      if (!producer.flush(Duration.ofMinutes(2))) {
        throw new BenchFailedException("events were not acknowledged within two minutes");
      }
      times =
          new Times(
              System.nanoTime() - start,
              ThreadTimes.currentNs() - callerBefore,
              ThreadTimes.sumNs("bench-lane"),
              ThreadTimes.sumNs(SENDER),
              brokers.cpuNs() - brokersBefore);
    }
    ended.requireNoFailure();
    topics.delete(topic);
    return times;
  }
}
