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
import io.thunderhead.serving.ServeConfig;
import io.thunderhead.serving.ServingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One serving node, until it is told to stop. It listens at once and answers UNAVAILABLE until it
 * has caught up, whether Kafka is there or not.
 */
public final class ServeRole implements Role {
  private static final Duration CHECK_EVERY = Duration.ofMillis(20);

  private final KafkaConfig kafka;
  private final HttpConfig http;
  private final ServeConfig config;

  public ServeRole(KafkaConfig kafka, HttpConfig http, ServeConfig config) {
    this.kafka = kafka;
    this.http = http;
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ReadyLine ready = new ReadyLine("serve");
    try (Resources resources = new Resources()) {
      Access access = resources.add("access", new Access(http.access(), registry));
      ServingNode node = resources.add("node", open(access, registry));
      start(node, config);
      ready.grpc(config.feed().bind() + ":" + node.grpcPort());
      RoleHttp.open("serve", http, access, registry, () -> readiness(node), resources)
          .ifPresent(ready::http);
      TopicSetup setup = new TopicSetup(kafka, stop);
      if (setup.await(setup.topic(config.replay().topic()))) {
        boolean caughtUp = node.readiness().ready();
        while (!caughtUp && !stop.await(CHECK_EVERY)) {
          caughtUp = node.readiness().ready();
        }
        if (caughtUp) {
          ready.print(out);
        }
        stop.await();
      }
    }
    return ExitCode.DONE;
  }

  /** What health says of a node: whether it is ready, and everything that a person should see. */
  public static Readiness readiness(ServingNode node) {
    io.thunderhead.serving.replay.Readiness replay = node.readiness();
    List<String> reasons = new ArrayList<>(replay.reasons());
    reasons.addAll(node.check());
    return new Readiness(replay.ready(), reasons);
  }

  /**
   * Starts a node.
   *
   * @throws RoleFailedException if its port is taken
   */
  public static void start(ServingNode node, ServeConfig config) throws RoleFailedException {
    try {
      node.start();
    } catch (IOException e) {
      throw new RoleFailedException(
          "gRPC port %d on %s can't be bound: %s (choose another with --grpc-port)"
              .formatted(config.feed().grpcPort(), config.feed().bind(), e.getMessage()),
          e);
    }
  }

  private ServingNode open(Access access, PrometheusRegistry registry) throws RoleFailedException {
    try {
      return new ServingNode(config, kafka.clients(), access, registry);
    } catch (IOException e) {
      throw new RoleFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
