package io.thunderhead.app.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.config.SourceConfig;
import io.thunderhead.app.generate.GeneratorFirehose;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.role.ReadinessRef;
import io.thunderhead.app.role.RoleHttp;
import io.thunderhead.pipeline.edge.firehose.FileFirehose;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.HttpFirehose;
import io.thunderhead.pipeline.edge.firehose.JetstreamFirehose;
import io.thunderhead.pipeline.edge.ingest.EdgeConfig;
import io.thunderhead.pipeline.edge.ingest.EdgeCounts;
import io.thunderhead.pipeline.edge.ingest.EdgeHealth;
import io.thunderhead.pipeline.edge.ingest.EdgeIngester;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;

/**
 * One edge, until it is told to stop or its source ends. A source that refuses us ends it with a
 * failure, after what was read is safe.
 */
public final class EdgeRole implements Role {
  private static final Duration CHECK_EVERY = Duration.ofMillis(50);

  private final KafkaConfig kafka;
  private final HttpConfig http;
  private final SourceConfig source;
  private final EdgeConfig config;

  public EdgeRole(KafkaConfig kafka, HttpConfig http, SourceConfig source, EdgeConfig config) {
    this.kafka = kafka;
    this.http = http;
    this.source = source;
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ReadinessRef readiness = new ReadinessRef("starting");
    ReadyLine ready = new ReadyLine("edge");
    Firehose firehose = firehose();
    EdgeIngester edge;
    long start = System.nanoTime();
    try (Resources resources = new Resources()) {
      RoleHttp.open("edge", http, registry, readiness, resources).ifPresent(ready::http);
      edge = resources.add("edge", open(firehose, registry));
      readiness.set(() -> readiness(edge));
      edge.start();
      await(edge, ready, stop, out);
      readiness.set(() -> Readiness.no("stopping"));
    }
    String fatal = edge.check().fatal();
    if (fatal != null) {
      throw new RoleFailedException(fatal);
    }
    if (!firehose.live()) {
      out.println(summary(edge, (System.nanoTime() - start) / 1e9));
      out.flush();
      return (edge.check().ended() && edge.inFlight() == 0) || stop.requested()
          ? ExitCode.DONE
          : ExitCode.FAILED;
    }
    return ExitCode.DONE;
  }

  private static void await(EdgeIngester edge, ReadyLine ready, StopRequest stop, PrintStream out)
      throws InterruptedException {
    boolean said = false;
    do {
      EdgeHealth health = edge.check();
      if (health.fatal() != null || edge.isDone()) {
        return;
      }
      if (!said && health.ready()) {
        ready.print(out);
        said = true;
      }
    } while (!stop.await(CHECK_EVERY));
  }

  private static Readiness readiness(EdgeIngester edge) {
    EdgeHealth health = edge.check();
    return new Readiness(health.ready(), health.reasons());
  }

  private EdgeIngester open(Firehose firehose, PrometheusRegistry registry)
      throws RoleFailedException {
    try {
      return new EdgeIngester(config, firehose, kafka.clients(), registry);
    } catch (IOException e) {
      throw new RoleFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private Firehose firehose() {
    InstantSource clock = InstantSource.system();
    return switch (source) {
      case SourceConfig.Http(var settings) -> new HttpFirehose(settings, clock);
      case SourceConfig.Jetstream(var settings) -> new JetstreamFirehose(settings, clock);
      case SourceConfig.File(var path, int maxLineBytes) -> FileFirehose.of(path, maxLineBytes);
      case SourceConfig.StandardInput(int maxLineBytes) -> FileFirehose.of(System.in, maxLineBytes);
      case SourceConfig.Generator generator -> new GeneratorFirehose(generator, clock);
    };
  }

  private static String summary(EdgeIngester edge, double seconds) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    EdgeCounts counts = edge.counts();
    ObjectNode summary = json.createObjectNode();
    summary.put("received", counts.received());
    summary.put("accepted", counts.accepted());
    summary.put("duplicate", counts.duplicate());
    ObjectNode filtered = summary.putObject("filtered");
    counts.filtered().forEach((reason, count) -> filtered.put(reason.label(), count));
    ObjectNode dead = summary.putObject("dead_lettered");
    counts.deadLettered().forEach((fault, count) -> dead.put(fault.label(), count));
    summary.put("unaccounted", edge.inFlight());
    summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
    return json.writeValueAsString(summary);
  }
}
