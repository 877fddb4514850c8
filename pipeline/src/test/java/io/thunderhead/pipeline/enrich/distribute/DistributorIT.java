package io.thunderhead.pipeline.enrich.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.thunderhead.access.Access;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.group.GroupHealth.LoopState;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.SlowEnricher;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Leasing;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Parking;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Queue;
import io.thunderhead.pipeline.enrich.work.EnrichmentWorker;
import io.thunderhead.pipeline.enrich.work.WorkConfig;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.DistributorMessage;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.EnrichmentOutcome;
import io.thunderhead.protocol.v1.EnrichmentRequest;
import io.thunderhead.protocol.v1.EnrichmentServiceGrpc;
import io.thunderhead.protocol.v1.WorkerHello;
import io.thunderhead.protocol.v1.WorkerMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Distributors and workers on a real broker and real sockets, and what may go wrong with them. */
@Timeout(120)
final class DistributorIT {
  private static final Queue QUEUE = new Queue(1_000, 1 << 20);
  private static final Parking PARKING = new Parking(10_000, 2, 1_000);
  private static final Leasing LEASING = new Leasing(10_000, 3, 2_000, 3);

  @TempDir static Path dataDir;
  static EmbeddedBroker broker;

  private final PrometheusRegistry registry = new PrometheusRegistry();

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    broker = EmbeddedBroker.start(dataDir, 0);
  }

  @AfterAll
  static void stop() {
    Awaitility.reset();
    broker.close();
  }

  @Test
  void plainPackedAndBad_eachHasItsOutcome_andTheLedgerAddsUp() throws Exception {
    try (EnrichTopics topics = topics(2);
        Distributor distributor = distributor(topics, QUEUE, PARKING, LEASING);
        EnrichmentWorker worker = worker(distributor, 8)) {
      worker.start();
      byte[] bad = {1, 2, 3};
      topics.send(
          List.of(
              topics.plain(EnrichTopics.post(1, 7, "hello")),
              topics.packed(
                  0,
                  EnrichTopics.post(2, 8, "fail").toByteArray(),
                  bad,
                  EnrichTopics.post(3, 8, "").toByteArray(),
                  EnrichTopics.post(4, 8, "break").toByteArray())));
      await().until(() -> topics.committedTotal() == 2);
      Map<Long, Activity> enriched = byId(topics.enriched());
      assertThat(enriched.keySet()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
      assertThat(enriched.values()).allMatch(one -> one.getRevision() == 1);
      Enrichment done = one(enriched, 1L).getEnrichments(0);
      assertThat(done.getStatus()).isEqualTo(Enrichment.Status.STATUS_DONE);
      assertThat(done.getOther().getFieldsOrThrow("length").getNumberValue()).isEqualTo(5);
      assertThat(one(enriched, 2L).getEnrichments(0).getReason()).isEqualTo("told_to");
      assertThat(one(enriched, 3L).getEnrichmentsCount()).isZero();
      assertThat(one(enriched, 4L).getEnrichments(0).getReason()).isEqualTo("enricher_broke");
      assertThat(topics.records(topics.input + ".dead_letters"))
          .singleElement()
          .satisfies(one -> assertThat(one.value()).isEqualTo(bad));
      LedgerCounts ledger = topics.ledger();
      assertThat(ledger.addsUp()).isTrue();
      assertThat(ledger.read()).isEqualTo(5);
      assertThat(ledger.written()).isEqualTo(4);
      assertThat(ledger.get("enrich.requests")).isEqualTo(3);
      assertThat(ledger.get("enrich.done")).isEqualTo(1);
      assertThat(ledger.get("enrich.failed")).isEqualTo(2);
      assertEnrichmentsAddUp();
    }
  }

  @Test
  void activitiesOfAnAuthor_leaveInOrder_andOthersPassThem() throws Exception {
    try (EnrichTopics topics = topics(1);
        Distributor distributor = distributor(topics, QUEUE, PARKING, LEASING);
        EnrichmentWorker worker = worker(distributor, 64)) {
      worker.start();
      topics.send(
          List.of(
              topics.plain(EnrichTopics.post(1, 7, "wait 1500")),
              topics.plain(EnrichTopics.post(2, 7, "quick")),
              topics.plain(EnrichTopics.post(3, 7, "")),
              topics.plain(EnrichTopics.post(4, 8, "quick"))));
      await().until(() -> topics.committedTotal() == 4);
      assertThat(topics.enriched().stream().map(Activity::getPostId))
          .containsExactly(4L, 1L, 2L, 3L);
    }
  }

  @Test
  void withoutWorkers_activitiesLeavePending_andRevisionTwoComesWithTheFirstWorker()
      throws Exception {
    try (EnrichTopics topics = topics(1);
        Distributor distributor =
            distributor(topics, new Queue(5, 1 << 20), new Parking(50, 2, 10), LEASING)) {
      topics.sendPosts(1, 40, 3, "text");
      await().until(() -> topics.committedTotal() == 40);
      List<Activity> first = topics.enriched();
      assertThat(byId(first)).hasSize(40);
      assertThat(first)
          .allSatisfy(one ->
              assertThat(one.getEnrichments(0).getStatus())
                  .isEqualTo(Enrichment.Status.STATUS_PENDING));
      assertThat(topics.activities(topics.late)).hasSize(40);
      try (EnrichmentWorker worker = worker(distributor, 8)) {
        worker.start();
        await().until(() -> topics.enriched().size() == 80);
      }
      List<Activity> second =
          topics.enriched().stream().filter(one -> one.getRevision() == 2).toList();
      assertThat(byId(second)).hasSize(40);
      assertThat(second)
          .allSatisfy(one -> {
            assertThat(one.getEnrichmentsCount()).isEqualTo(1);
            assertThat(one.getEnrichments(0).getStatus()).isEqualTo(Enrichment.Status.STATUS_DONE);
          });
      assertEnrichmentsAddUp();
    }
  }

  @Test
  void enrichmentThatIsLateTooOften_hasFailedInTheEnd() throws Exception {
    Leasing leasing = new Leasing(60_000, 3, 100, 3);
    try (EnrichTopics topics = topics(1);
        Distributor distributor = distributor(topics, QUEUE, new Parking(50, 1, 10), leasing);
        EnrichmentWorker worker = worker(distributor, 64)) {
      worker.start();
      topics.send(List.of(topics.plain(EnrichTopics.post(1, 7, "hang"))));
      await().until(() -> topics.enriched().size() == 2);
      Activity last = topics.enriched().getLast();
      assertThat(last.getRevision()).isEqualTo(2);
      assertThat(last.getEnrichments(0).getStatus()).isEqualTo(Enrichment.Status.STATUS_FAILED);
      assertThat(last.getEnrichments(0).getReason()).isEqualTo("too_many_attempts");
      assertThat(topics.activities(topics.late)).hasSize(3);
    }
  }

  @Test
  void workerKilledInTheMiddle_losesNothing() throws Exception {
    try (EnrichTopics topics = topics(2);
        Distributor distributor = distributor(topics, QUEUE, PARKING, LEASING)) {
      try (EnrichmentWorker killed = worker(distributor, 50)) {
        killed.start();
        topics.sendPosts(1, 300, 20, "wait 100");
        await().until(() -> counter("thunderhead_distribute_requests") > 100);
        killed.abort();
        try (EnrichmentWorker other = worker(distributor, 50)) {
          other.start();
          await().until(() -> topics.committedTotal() == 300);
        }
      }
      assertThat(byId(topics.enriched())).hasSize(300);
      assertThat(topics.enriched()).hasSize(300).allMatch(DistributorIT::isDone);
      assertThat(counter("thunderhead_distribute_returned_requests")).isPositive();
      assertEnrichmentsAddUp();
    }
  }

  @Test
  void hangingRequest_goesToOthersAndThenFails_whileTheRestGoesOn() throws Exception {
    try (EnrichTopics topics = topics(1);
        Distributor distributor =
            distributor(topics, QUEUE, PARKING, new Leasing(200, 2, 2_000, 3));
        EnrichmentWorker worker = worker(distributor, 8)) {
      worker.start();
      topics.send(
          List.of(
              topics.plain(EnrichTopics.post(1, 7, "hang")),
              topics.plain(EnrichTopics.post(2, 8, "quick"))));
      await().until(() -> topics.committedTotal() == 2);
      Map<Long, Activity> enriched = byId(topics.enriched());
      assertThat(one(enriched, 1L).getEnrichments(0).getReason()).isEqualTo("worker_lost");
      assertThat(isDone(one(enriched, 2L))).isTrue();
      assertThat(counter("thunderhead_distribute_expired_leases")).isEqualTo(2);
    }
  }

  @Test
  void answersTwiceLateAndForUnknownIds_doNoHarm() throws Exception {
    try (EnrichTopics topics = topics(1);
        Distributor distributor =
            distributor(topics, QUEUE, PARKING, new Leasing(300, 100, 2_000, 3))) {
      try (RawWorker raw = new RawWorker(distributor.grpcPort())) {
        raw.out.onNext(
            WorkerMessage.newBuilder()
                .setHello(WorkerHello.newBuilder().addEnrichers("length"))
                .setCredits(1)
                .build());
        topics.sendPosts(1, 3, 3, "text");
        EnrichmentRequest first = raw.take();
        raw.out.onNext(outcome(first.getId() + 1_000_000, "length"));
        raw.out.onNext(outcome(first.getId(), "other"));
        raw.out.onNext(WorkerMessage.newBuilder().setCredits(1).build());
        EnrichmentRequest again = raw.take();
        assertThat(again.getId()).isEqualTo(first.getId());
        raw.out.onNext(outcome(first.getId(), "length"));
        raw.out.onNext(outcome(first.getId(), "length"));
        raw.out.onNext(WorkerMessage.newBuilder().setCredits(1).build());
        EnrichmentRequest second = raw.take();
        await().until(() -> counter("thunderhead_distribute_expired_leases") >= 1);
        raw.out.onNext(outcome(second.getId(), "length"));
        await().until(() -> counter("thunderhead_distribute_late_outcomes") == 1);
        assertThat(raw.requests).as("never more than there were credits").isEmpty();
        raw.out.onNext(WorkerMessage.newBuilder().setCredits(1).build());
        raw.out.onNext(outcome(raw.take().getId(), "length"));
        await().until(() -> topics.committedTotal() == 3);
      }
      assertThat(topics.enriched()).hasSize(3).allMatch(DistributorIT::isDone);
      assertThat(counter("thunderhead_distribute_ignored_outcomes", "why", "unknown")).isEqualTo(1);
      assertThat(counter("thunderhead_distribute_ignored_outcomes", "why", "mismatched"))
          .isEqualTo(1);
      assertThat(counter("thunderhead_distribute_ignored_outcomes", "why", "decided")).isEqualTo(1);
    }
  }

  @Test
  void workerSlowerThanThePollInterval_causesNoRebalance_andNoLoss() throws Exception {
    try (EnrichTopics topics = topics(2)) {
      ClientSettings impatient =
          new ClientSettings(
              broker.bootstrapServers(),
              Map.of(
                  "max.poll.interval.ms", "2000",
                  "max.block.ms", "1500",
                  "session.timeout.ms", "6000",
                  "heartbeat.interval.ms", "500"));
      try (Distributor distributor =
              started(
                  new Distributor(
                      impatient,
                      topics.config(new Queue(4, 1 << 20), new Parking(60_000, 2, 8), LEASING),
                      enrichers(),
                      Access.open(new PrometheusRegistry()),
                      registry));
          EnrichmentWorker worker = worker(distributor, 1)) {
        worker.start();
        await().until(() -> distributor.check().ready());
        topics.sendPosts(1, 14, 14, "wait 500");
        await().until(() -> topics.committedTotal() == 14);
        assertThat(topics.enriched()).hasSize(14).allMatch(DistributorIT::isDone);
        assertThat(distributor.check().loops().getFirst().restarts()).isZero();
        assertThat(counter("thunderhead_distribute_back_pressure_seconds")).isGreaterThan(4);
        assertThat(counter("thunderhead_distribute_enrichments", "status", "dropped")).isZero();
      }
    }
  }

  @Test
  void distributorThatCrashesWithAFullPark_losesNothing_andRepeatsOnlyWhatWasNotCommitted()
      throws Exception {
    try (EnrichTopics topics = topics(2)) {
      Parking parking = new Parking(60_000, 2, 50);
      int written;
      try (Distributor crashing = distributor(topics, QUEUE, parking, LEASING);
          EnrichmentWorker worker = worker(crashing, 4)) {
        worker.start();
        topics.sendPosts(1, 400, 20, "wait 20");
        await().until(() -> topics.committedTotal() > 20);
        await().until(() -> gauge("thunderhead_distribute_parked_activities", "fresh") == 50);
        loop("distribute-0").interrupt();
        await().until(() -> crashing.check().loops().getFirst().state() == LoopState.STOPPED);
        assertThat(gauge("thunderhead_distribute_parked_activities", "fresh")).isZero();
        assertEnrichmentsAddUp();
      }
      written = topics.enriched().size();
      long committed = topics.committedTotal();
      try (Distributor next =
              started(
                  new Distributor(
                      topics.client,
                      topics.config(QUEUE, parking, LEASING),
                      enrichers(),
                      Access.open(new PrometheusRegistry()),
                      new PrometheusRegistry()));
          EnrichmentWorker worker = worker(next, 16)) {
        worker.start();
        await().until(() -> topics.committedTotal() == 400);
      }
      List<Activity> all = topics.enriched();
      assertThat(byId(all)).hasSize(400);
      assertThat(all.size() - 400L).isLessThanOrEqualTo(written - committed);
      assertThat(topics.ledger().read()).isEqualTo(400);
      assertThat(topics.ledger().addsUp()).isTrue();
      assertFirstSightingsInOrder(all);
    }
  }

  @Test
  @SuppressWarnings("try") // Closing early is what is tested.
  void twoDistributors_shareThePartitions_andOneLeavingLosesNothing() throws Exception {
    try (EnrichTopics topics = topics(4);
        Distributor stays = distributor(topics, QUEUE, PARKING, LEASING)) {
      try (Distributor leaves =
          started(
              new Distributor(
                  topics.client,
                  topics.config(QUEUE, PARKING, LEASING),
                  enrichers(),
                  Access.open(new PrometheusRegistry()),
                  new PrometheusRegistry()))) {
        try (EnrichmentWorker worker =
            new EnrichmentWorker(
                new WorkConfig(
                    List.of("127.0.0.1:" + stays.grpcPort(), "127.0.0.1:" + leaves.grpcPort()),
                    "both",
                    8,
                    5_000),
                enrichers(),
                ClientAccess.open(),
                new PrometheusRegistry())) {
          worker.start();
          await().until(() -> stays.check().loops().getFirst().partitions() == 2);
          await().until(() -> leaves.check().loops().getFirst().partitions() == 2);
          topics.sendPosts(1, 600, 40, "wait 10");
          await().until(() -> topics.committedTotal() > 50);
          leaves.close();
          await().until(() -> topics.committedTotal() == 600);
        }
      }
      List<Activity> all = topics.enriched();
      assertThat(byId(all)).hasSize(600);
      assertThat(topics.ledger().read()).isEqualTo(600);
      assertFirstSightingsInOrder(all);
    }
  }

  @Test
  @SuppressWarnings("try") // Closing early is what is tested.
  void workerThatStops_finishesWhatItHas() throws Exception {
    try (EnrichTopics topics = topics(1);
        Distributor distributor = distributor(topics, QUEUE, PARKING, LEASING)) {
      try (EnrichmentWorker stopping = worker(distributor, 10);
          EnrichmentWorker stays = worker(distributor, 10)) {
        stopping.start();
        topics.sendPosts(1, 100, 10, "wait 50");
        await().until(() -> counter("thunderhead_distribute_requests") > 20);
        stays.start();
        stopping.close();
        await().until(() -> topics.committedTotal() == 100);
      }
      assertThat(topics.enriched()).hasSize(100).allMatch(DistributorIT::isDone);
      assertThat(counter("thunderhead_distribute_returned_requests")).isZero();
    }
  }

  private static EnrichTopics topics(int partitions) throws Exception {
    return new EnrichTopics(broker.bootstrapServers(), partitions);
  }

  private static List<Enricher> enrichers() {
    return List.of(new SlowEnricher());
  }

  private Distributor distributor(
      EnrichTopics topics, Queue queue, Parking parking, Leasing leasing) throws IOException {
    return started(
        new Distributor(
            topics.client,
            topics.config(queue, parking, leasing),
            enrichers(),
            Access.open(new PrometheusRegistry()),
            registry));
  }

  /** Workers need its port when they are made. */
  private static Distributor started(Distributor distributor) throws IOException {
    distributor.start();
    return distributor;
  }

  private static EnrichmentWorker worker(Distributor distributor, int concurrency) {
    return new EnrichmentWorker(
        new WorkConfig(List.of("127.0.0.1:" + distributor.grpcPort()), "test", concurrency, 5_000),
        enrichers(),
        ClientAccess.open(),
        new PrometheusRegistry());
  }

  private static boolean isDone(Activity activity) {
    return activity.getEnrichmentsCount() == 1
        && activity.getEnrichments(0).getStatus() == Enrichment.Status.STATUS_DONE;
  }

  private static Activity one(Map<Long, Activity> byId, long id) {
    return Objects.requireNonNull(byId.get(id));
  }

  private static Map<Long, Activity> byId(List<Activity> activities) {
    Map<Long, Activity> byId = new HashMap<>();
    activities.forEach(one -> byId.put(one.getPostId(), one));
    return byId;
  }

  private static void assertFirstSightingsInOrder(List<Activity> activities) {
    Map<Long, Long> last = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (Activity one : activities) {
      if (seen.add(one.getPostId())) {
        long before = last.getOrDefault(one.getAuthorId(), 0L);
        if (one.getPostId() < before) {
          wrong.add(one.getPostId() + " after " + before);
        }
        last.put(one.getAuthorId(), one.getPostId());
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Thread loop(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void assertEnrichmentsAddUp() {
    assertThat(counter("thunderhead_distribute_requests"))
        .isPositive()
        .isEqualTo(
            counter("thunderhead_distribute_enrichments")
                + gauge("thunderhead_distribute_open_requests"));
  }

  private double counter(String name) {
    return counter(name, "", "");
  }

  private double counter(String name, String label, String value) {
    return registry.scrape().stream()
        .filter(CounterSnapshot.class::isInstance)
        .map(CounterSnapshot.class::cast)
        .filter(one -> one.getMetadata().getName().equals(name))
        .flatMap(one -> one.getDataPoints().stream())
        .filter(point -> label.isEmpty() || value.equals(point.getLabels().get(label)))
        .mapToDouble(point -> point.getValue())
        .sum();
  }

  private double gauge(String name) {
    return gauge(name, "");
  }

  private double gauge(String name, String stage) {
    return registry.scrape().stream()
        .filter(GaugeSnapshot.class::isInstance)
        .map(GaugeSnapshot.class::cast)
        .filter(one -> one.getMetadata().getName().equals(name))
        .flatMap(one -> one.getDataPoints().stream())
        .filter(point -> stage.isEmpty() || stage.equals(point.getLabels().get("stage")))
        .mapToDouble(point -> point.getValue())
        .sum();
  }

  private static WorkerMessage outcome(long id, String name) {
    return WorkerMessage.newBuilder()
        .addOutcomes(
            EnrichmentOutcome.newBuilder()
                .setRequestId(id)
                .setEnrichment(
                    Enrichment.newBuilder().setName(name).setStatus(Enrichment.Status.STATUS_DONE)))
        .build();
  }

  /** A worker that says exactly what a test wants it to say. */
  private static final class RawWorker implements AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<WorkerMessage> out;
    private final LinkedBlockingQueue<EnrichmentRequest> requests = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();

    RawWorker(int port) {
      channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      out =
          EnrichmentServiceGrpc.newStub(channel)
              .work(
                  new StreamObserver<DistributorMessage>() {
                    @Override
                    public void onNext(DistributorMessage message) {
                      requests.addAll(message.getRequestsList());
                    }

                    @Override
                    public void onError(Throwable failure) {
                      errors.add(failure);
                    }

                    @Override
                    public void onCompleted() {}
                  });
    }

    EnrichmentRequest take() throws InterruptedException {
      EnrichmentRequest request = requests.poll(20, TimeUnit.SECONDS);
      assertThat(request).as("a request; errors: %s", errors).isNotNull();
      return request;
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
