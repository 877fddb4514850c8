package io.thunderhead.app.role;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig;
import io.thunderhead.pipeline.enrich.distribute.Distributor;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * One distributor of a group, until it is told to stop. It is ready without workers: then it bends.
 * A loop that is gone for good ends the process.
 */
public final class DistributeRole implements Role {
  private static final Duration CHECK_EVERY = Duration.ofMillis(250);

  private final KafkaConfig kafka;
  private final HttpConfig http;
  private final DistributeConfig config;
  private final List<Enricher> enrichers;

  public DistributeRole(
      KafkaConfig kafka, HttpConfig http, DistributeConfig config, List<Enricher> enrichers) {
    this.kafka = kafka;
    this.http = http;
    this.config = config;
    this.enrichers = enrichers;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ReadinessRef readiness = new ReadinessRef("waiting for Kafka at " + kafka.bootstrapServers());
    ReadyLine ready = new ReadyLine("distribute");
    try (Resources resources = new Resources()) {
      Access access = resources.add("access", new Access(http.access(), registry));
      Distributor distributor =
          new Distributor(kafka.clients(), config, enrichers, access, registry);
      String address =
          RoleHttp.open("distribute", http, access, registry, readiness, resources).orElse(null);
      if (!awaitTopics(stop)) {
        return ExitCode.DONE;
      }
      resources.add("distributor", distributor);
      readiness.set(() -> Readiness.because(distributor.check().problems()));
      start(distributor);
      ready.grpc(config.bind() + ":" + distributor.grpcPort());
      if (address != null) {
        ready.http(address);
      }
      boolean said = false;
      do {
        if (!distributor.check().alive()) {
          throw new RoleFailedException(String.join("; ", distributor.check().problems()));
        }
        if (!said && distributor.check().ready()) {
          ready.print(out);
          said = true;
        }
      } while (!stop.await(CHECK_EVERY));
      readiness.set(() -> Readiness.no("stopping"));
    }
    return ExitCode.DONE;
  }

  private void start(Distributor distributor) throws RoleFailedException {
    try {
      distributor.start();
    } catch (IOException e) {
      throw new RoleFailedException(
          "gRPC port %d on %s can't be bound: %s (choose another with --grpc-port)"
              .formatted(config.grpcPort(), config.bind(), e.getMessage()),
          e);
    }
  }

  private boolean awaitTopics(StopRequest stop) throws InterruptedException, RoleFailedException {
    TopicSetup setup = new TopicSetup(kafka, stop);
    return setup.await(
        setup.topic(config.inputTopic()),
        setup.topic(config.outputTopic()),
        setup.topic(config.lateTopic()),
        setup.deadLetters(config.inputTopic()),
        setup.deadLetters(config.lateTopic()));
  }
}
