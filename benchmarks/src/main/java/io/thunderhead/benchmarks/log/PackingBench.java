package io.thunderhead.benchmarks.log;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.write.Encoder;
import io.thunderhead.log.write.EventProducer;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.log.write.ProducerMetrics;
import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.log.write.QueueItem;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What packing costs and is worth. The bare producer is given the finished records, packed before
 * the clock starts, and has our client settings, so the difference is our code; the bare consumer
 * stops at the records, so the difference is unpacking. All codecs and sizes of a round come one
 * after the other, so that what the machine does meanwhile falls on all of them; a whole round
 * before the first is not counted, since until then Java compiles, here and in the broker.
 */
final class PackingBench {
  private static final int[] PACKS = {1, 20, 100, 500};

  /** Reading is so quick that a round takes it several times. */
  private static final int READS = 2;

  /** Events that share an acknowledgement, as a batch of the transformer does. */
  private static final int BATCH = 1_000;

  private final BrokerProcess broker;
  private final ClientSettings client;
  private final BenchTopics topics;
  private final Reads reads;
  private final Report report;
  private final int rounds;
  private final Events events;
  private final Rates rates = new Rates();
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  PackingBench(BrokerProcess broker, Report report, int events, int rounds) {
    this.broker = broker;
    this.client = broker.client();
    this.topics = new BenchTopics(client);
    this.reads = new Reads(client);
    this.report = report;
    this.rounds = rounds;
    this.events = new Events(events);
  }

  void run(String... codecs) throws InterruptedException {
    report.progress("packing, a round to get warm");
    round(codecs, new Rates());
    for (int round = 1; round <= rounds; round++) {
      report.progress("packing, round " + round + " of " + rounds);
      round(codecs, rates);
    }
    for (String codec : codecs) {
      for (int pack : PACKS) {
        show(codec, pack);
      }
    }
    report.fact("packing-rounds", rates.all());
  }

  private void round(String[] codecs, Rates to) throws InterruptedException {
    for (String codec : codecs) {
      for (int pack : PACKS) {
        measure(codec, pack, to);
      }
    }
  }

  private void show(String codec, int pack) {
    String name = codec + "-pack-" + pack;
    String plain = codec + "-pack-1";
    compare("produce-" + name, "bare-produce-" + name, "bare KafkaProducer, same records ready");
    compare(
        "produce-queued-" + name, "bare-produce-" + name, "bare KafkaProducer, same records ready");
    compare("consume-" + name, "bare-consume-" + name, "bare KafkaConsumer, not unpacked");
    if (pack > 1) {
      worth("produce-" + name, "produce-" + plain, "our writer, plain records");
      worth("produce-queued-" + name, "produce-queued-" + plain, "EventProducer, plain records");
      worth("consume-" + name, "consume-" + plain, "our reader, plain records");
    }
  }

  private void compare(String name, String baseline, String against) {
    report.add(
        Row.moreIsBetter(name, rates.median(name), "events/s", rates.median(baseline), against));
  }

  private void worth(String name, String plain, String against) {
    report.add(
        Row.moreIsBetter(
            name + "-worth", rates.median(name), "events/s", rates.median(plain), against));
  }

  private void measure(String codec, int pack, Rates to) throws InterruptedException {
    String name = codec + "-pack-" + pack;
    String bare = topics.create("bare");
    time(to, "bare-produce-" + name, () -> produceBare(codec, pack, bare));
    topics.delete(bare);
    String ours = topics.create("ours");
    time(to, "produce-" + name, () -> produce(ours, codec, pack));
    topics.delete(ours);
    String queued = topics.create("queued");
    time(to, "produce-queued-" + name, () -> produceQueued(queued, codec, pack));
    long all = reads.endOffsets(queued);
    for (int i = 0; i < READS; i++) {
      time(to, "bare-consume-" + name, () -> reads.bare(queued, all));
      time(to, "consume-" + name, () -> reads.ours(queued, events.count()));
    }
    topics.delete(queued);
  }

  /** What a run takes between its clients' opening and closing, in nanoseconds. */
  private interface Run {
    long nanos() throws InterruptedException;
  }

  /** Notes events per second, and CPU time per event of this process and of the broker's. */
  private void time(Rates to, String name, Run run) throws InterruptedException {
    System.gc(); // What the run before has left is not this one's to collect.
    long cpu = system.getProcessCpuTime();
    long brokerCpu = broker.cpuNs();
    double count = events.count();
    to.add(name, count * 1e9 / run.nanos());
    to.add(name + "-cpu-ns", (system.getProcessCpuTime() - cpu) / count);
    to.add(name + "-broker-cpu-ns", (broker.cpuNs() - brokerCpu) / count);
  }

  private long produceBare(String codec, int pack, String topic) {
    List<ProducerRecord<byte[], byte[]>> records = events.records(topic, pack);
    Properties settings = client.producer("bench-bare");
    settings.setProperty("compression.type", codec);
    Ended ended = new Ended();
    try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
      var _ = producer.partitionsFor(topic);
      long start = System.nanoTime();
      for (ProducerRecord<byte[], byte[]> one : records) {
        var _ = producer.send(one, ended);
      }
      producer.flush();
      long took = System.nanoTime() - start;
      ended.requireNoFailure();
      return took;
    }
  }

  /** The writer of group loops. */
  private long produce(String topic, String codec, int pack) {
    PackSettings settings =
        new PackSettings(
            topic, pack, PackSettings.DEFAULT_PACK_BYTES, Duration.ofMillis(50), codec, 1 << 20);
    Ended ended = new Ended();
    try (var producer = new PackingProducer(client, settings, "bench-ours", ended::failed)) {
      long start = System.nanoTime();
      for (int i = 0; i < events.count(); i++) {
        if (i % BATCH == 0) {
          producer.flushIfDue(System.nanoTime());
        }
        producer.append(events.key(i), events.bytes(), i * Events.BYTES, Events.BYTES, ended);
      }
      producer.flush();
      ended.await();
      return System.nanoTime() - start;
    }
  }

  /** An application's producer: queue, lane, event handler. */
  private long produceQueued(String topic, String codec, int pack) throws InterruptedException {
    ProducerSettings settings =
        ProducerSettings.of(
            Map.of("compression.codec", codec, "pack.max.events", Integer.toString(pack)));
    Ended ended = new Ended();
    try (var producer =
        new EventProducer<>(
            client,
            settings,
            "bench-queued",
            Encoder.bytes(),
            new ProducerMetrics(new PrometheusRegistry()))) {
      long start = System.nanoTime();
      for (int i = 0; i < events.count(); i++) {
        producer.send(new QueueItem<>(topic, events.key(i), events.alone(i), ended.failures()));
      }
      if (!producer.flush(Duration.ofMinutes(2))) {
        throw new BenchFailedException("events were not acknowledged within two minutes");
      }
      long took = System.nanoTime() - start;
      ended.requireNoFailure();
      return took;
    }
  }
}
