package io.thunderhead.pipeline.enrich.distribute;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.group.GroupHealth;
import io.thunderhead.log.group.GroupReader;
import io.thunderhead.log.group.GroupSettings;
import io.thunderhead.pipeline.enrich.Enricher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads activities in a consumer group, has workers enrich them, and writes them with what came of
 * it. At least once: after a crash, activities since the last commit are enriched and written
 * again. It works without workers, too: then every activity leaves at the end of its time with all
 * enrichments pending, and those wait in the late topic for somebody who does them.
 *
 * <p>The topics must exist, the dead letters' included.
 */
public final class Distributor implements AutoCloseable {
  private static final String ROLE = "distribute";
  private static final String LATE_ROLE = "distribute_late";

  private final ClientSettings client;
  private final DistributeConfig config;
  private final DistributeMetrics metrics;
  private final TaskBook tasks = new TaskBook();
  private final Dispatcher dispatcher;
  private final EnrichmentServer server;
  private final BlockingDelayQueue<ParkedActivity> parking;
  private final BlockingDelayQueue<ParkedActivity> lateParking;
  private final List<Thread> wardens = new ArrayList<>();
  private final GroupReader reader;
  private final GroupReader lateReader;

  /**
   * A distributor that does nothing before {@link #start}.
   *
   * @param access which workers may come; the caller's to close, after this
   */
  public Distributor(
      ClientSettings client,
      DistributeConfig config,
      List<Enricher> enrichers,
      Access access,
      PrometheusRegistry registry) {
    this.client = client;
    this.config = config;
    metrics = new DistributeMetrics(registry);
    List<String> names = enrichers.stream().map(Enricher::name).toList();
    RequestQueue queue = new RequestQueue(names, config.queue().size(), config.queue().bytes());
    dispatcher =
        new Dispatcher(
            tasks, queue, config.leases().leaseMs(), config.leases().maxLeases(), metrics);
    server = new EnrichmentServer(config.bind(), config.grpcPort(), access, dispatcher);
    parking = new BlockingDelayQueue<>(config.parking().capacity());
    lateParking = new BlockingDelayQueue<>(config.parking().lateCapacity());
    metrics.observe(names, queue, config.queue().size(), parking, lateParking, dispatcher);
    FreshStage fresh = new FreshStage(enrichers, config.parking(), config.maxRate());
    reader =
        new GroupReader(
            client,
            settings(ROLE, config.inputTopic(), config.group(), config.threads()),
            loop -> open(fresh, parking, ROLE + "-" + loop),
            registry);
    LateStage late = new LateStage(enrichers, config.leases(), dispatcher);
    lateReader =
        new GroupReader(
            client,
            settings(LATE_ROLE, config.lateTopic(), config.lateGroup(), 1),
            loop -> open(late, lateParking, LATE_ROLE + "-" + loop),
            registry);
  }

  /**
   * Listens for workers, starts the loops and returns; {@link #check} says when they work.
   *
   * @throws IOException if the port can't be bound
   */
  public void start() throws IOException {
    server.start();
    dispatcher.start();
    wardens.add(warden("distribute-parking", parking));
    wardens.add(warden("distribute-late-parking", lateParking));
    reader.start();
    lateReader.start();
  }

  /** Where workers find it. */
  public int grpcPort() {
    return server.port();
  }

  /** Whether each loop lives and works; any thread. */
  public GroupHealth check() {
    List<GroupHealth.LoopHealth> loops = new ArrayList<>(reader.check().loops());
    loops.addAll(lateReader.check().loops());
    return new GroupHealth(List.copyOf(loops));
  }

  /**
   * Stops reading, lets what was read leave, commits it and leaves the groups; workers go on until
   * then. Activities that are not done within the drain limit are read again by the group.
   */
  @Override
  public void close() {
    server.serving(false);
    Thread late = Thread.ofPlatform().name("distribute-late-stop").start(lateReader::close);
    reader.close();
    try {
      late.join();
    } catch (InterruptedException e) {
      late.interrupt();
      Thread.currentThread().interrupt();
    }
    wardens.forEach(Thread::interrupt);
    dispatcher.close();
    server.close();
  }

  private GroupSettings settings(String role, String topic, String group, int threads) {
    return new GroupSettings(
        role,
        topic,
        group,
        threads,
        config.batchSize(),
        config.maxUncommittedRecords(),
        config.maxInFlightBytes(),
        GroupSettings.DEFAULT_COMMIT_INTERVAL,
        GroupSettings.DEFAULT_DRAIN_LIMIT,
        config.protocol());
  }

  private EnrichLoop open(Stage stage, BlockingDelayQueue<ParkedActivity> where, String clientId)
      throws InterruptedException {
    return new EnrichLoop(
        stage,
        tasks,
        dispatcher,
        where,
        new EnrichedOutput(client, config, clientId, metrics),
        metrics);
  }

  /** Waits for activities whose time is over, and tells the loop that each belongs to. */
  private static Thread warden(String name, BlockingDelayQueue<ParkedActivity> parking) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            while (true) {
              ParkedActivity due = parking.takeKeepingPermit();
              due.loop().due(due);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
