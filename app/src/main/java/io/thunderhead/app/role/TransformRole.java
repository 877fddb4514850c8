package io.thunderhead.app.role;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.pipeline.transform.TransformConfig;
import io.thunderhead.pipeline.transform.Transformer;
import java.io.PrintStream;
import java.time.Duration;

/**
 * One transformer of a group, until it is told to stop. A loop that is gone for good ends the
 * process, so that whoever supervises it starts it again.
 */
public final class TransformRole implements Role {
  private static final Duration CHECK_EVERY = Duration.ofMillis(250);

  private final KafkaConfig kafka;
  private final HttpConfig http;
  private final TransformConfig config;

  public TransformRole(KafkaConfig kafka, HttpConfig http, TransformConfig config) {
    this.kafka = kafka;
    this.http = http;
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ReadinessRef readiness = new ReadinessRef("waiting for Kafka at " + kafka.bootstrapServers());
    ReadyLine ready = new ReadyLine("transform");
    try (Resources resources = new Resources()) {
      RoleHttp.open("transform", http, registry, readiness, resources).ifPresent(ready::http);
      if (!awaitTopics(stop)) {
        return ExitCode.DONE;
      }
      Transformer transformer =
          resources.add("transformer", new Transformer(kafka.clients(), config, registry));
      readiness.set(() -> Readiness.because(transformer.check().problems()));
      transformer.start();
      boolean said = false;
      do {
        if (!transformer.check().alive()) {
          throw new RoleFailedException(String.join("; ", transformer.check().problems()));
        }
        if (!said && transformer.check().ready()) {
          ready.print(out);
          said = true;
        }
      } while (!stop.await(CHECK_EVERY));
      readiness.set(() -> Readiness.no("stopping"));
    }
    return ExitCode.DONE;
  }

  private boolean awaitTopics(StopRequest stop) throws InterruptedException, RoleFailedException {
    TopicSetup setup = new TopicSetup(kafka, stop);
    return setup.await(
        setup.topic(config.inputTopic()),
        setup.topic(config.outputTopic()),
        setup.deadLetters(config.inputTopic()));
  }
}
