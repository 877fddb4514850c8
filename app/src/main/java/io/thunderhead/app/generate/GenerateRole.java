package io.thunderhead.app.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.GenerateConfig;
import io.thunderhead.app.firehose.FirehoseKind;
import io.thunderhead.app.firehose.SyntheticFirehose;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.publish.CountedProducer;
import io.thunderhead.app.role.RoleHttp;
import io.thunderhead.app.role.TopicSetup;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generator against any broker. Without a bound it is a long-running role like the others; with
 * one it ends with a summary on standard output.
 */
public final class GenerateRole implements Role {
  private static final Logger LOG = LoggerFactory.getLogger(GenerateRole.class);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  private final GenerateConfig config;

  public GenerateRole(GenerateConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    try (Resources resources = new Resources()) {
      ReadyLine ready = new ReadyLine("generate");
      RoleHttp.open("generate", config.http(), registry, Readiness::yes, resources)
          .ifPresent(ready::http);
      TopicSetup setup = new TopicSetup(config.kafka(), stop);
      boolean there =
          config.bounded()
              ? setup.await(TopicSetup.BOUNDED_LIMIT, setup.topic(config.topic()))
              : setup.await(setup.topic(config.topic()));
      if (!there) {
        return ExitCode.DONE;
      }
      CountedProducer producer =
          resources.add(
              "producer",
              new CountedProducer(
                  config.kafka().clients(),
                  "generate",
                  config.topic(),
                  config.producer(),
                  registry));
      FirehosePublisher publisher =
          new FirehosePublisher(
              new SyntheticFirehose(config.seed(), config.authors()),
              config.rate(),
              producer,
              registry);
      if (!config.bounded()) {
        ready.print(out);
      }
      long start = System.nanoTime();
      resources.add("progress", startProgress(publisher));
      publisher.run(
          stop,
          config.events() == 0 ? Long.MAX_VALUE : config.events(),
          config.seconds() == 0 ? Duration.ofDays(36_500) : Duration.ofSeconds(config.seconds()));
      String summary = summary(publisher, (System.nanoTime() - start) / 1e9);
      if (config.bounded()) {
        out.println(summary);
        out.flush();
      } else {
        LOG.info("{}", summary);
      }
      return publisher.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private static AutoCloseable startProgress(FirehosePublisher publisher) {
    StopRequest done = new StopRequest();
    Thread.ofPlatform()
        .daemon()
        .name("generate-progress")
        .start(() -> {
          try {
            long before = 0;
            while (!done.await(PROGRESS_EVERY)) {
              long now = publisher.acknowledged();
              LOG.info(
                  "{} events published, {} a second, {} failed",
                  now,
                  (now - before) / PROGRESS_EVERY.toSeconds(),
                  publisher.failed());
              before = now;
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return done::request;
  }

  private static String summary(FirehosePublisher publisher, double seconds)
      throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode summary = json.createObjectNode();
    summary.put("generated", publisher.counts().generated());
    summary.put("acknowledged", publisher.acknowledged());
    summary.put("failed", publisher.failed());
    summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
    ObjectNode kinds = summary.putObject("kinds");
    for (FirehoseKind kind : FirehoseKind.values()) {
      kinds.put(kind.name().toLowerCase(Locale.ROOT), publisher.made(kind));
    }
    return json.writeValueAsString(summary);
  }
}
