package io.thunderhead.app.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.ReplayFileConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.publish.CountedProducer;
import io.thunderhead.app.role.RoleHttp;
import io.thunderhead.app.role.TopicSetup;
import io.thunderhead.pipeline.edge.RecordCounts;
import io.thunderhead.pipeline.edge.RecordedPosts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Publishes a file of recorded posts, and ends with what became of each line. */
public final class ReplayFileRole implements Role {
  private final ReplayFileConfig config;

  public ReplayFileRole(ReplayFileConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    if (!Files.isReadable(config.file())) {
      throw new RoleFailedException("no readable file " + config.file());
    }
    PrometheusRegistry registry = new PrometheusRegistry();
    try (Resources resources = new Resources()) {
      RoleHttp.open("replay-file", config.http(), registry, Readiness::yes, resources);
      TopicSetup setup = new TopicSetup(config.kafka(), stop);
      if (!setup.await(TopicSetup.BOUNDED_LIMIT, setup.topic(config.topic()))) {
        return ExitCode.FAILED;
      }
      CountedProducer producer =
          resources.add(
              "producer",
              new CountedProducer(
                  config.kafka().clients(),
                  "replay_file",
                  config.topic(),
                  config.producer(),
                  registry));
      RecordedPosts posts =
          resources.add(
              "file",
              RecordedPosts.open(
                  config.file(), config.format(), RecordedPosts.DEFAULT_MAX_LINE_BYTES));
      boolean whole = new RecordingPublisher(config, producer).run(posts, stop);
      out.println(summary(posts.counts(), producer));
      out.flush();
      return whole && producer.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    } catch (IOException e) {
      throw new RoleFailedException(config.file() + ": " + e.getMessage(), e);
    }
  }

  private static String summary(RecordCounts counts, CountedProducer producer)
      throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode summary = json.createObjectNode();
    summary.put("lines", counts.lines());
    summary.put("blank", counts.blank());
    summary.put("parsed", counts.parsed());
    summary.put("acknowledged", producer.acknowledged());
    summary.put("failed", producer.failed());
    put(summary.putObject("filtered"), counts.filtered());
    put(summary.putObject("malformed"), counts.malformed());
    return json.writeValueAsString(summary);
  }

  private static <R extends Enum<R>> void put(ObjectNode node, Map<R, Long> counts) {
    new TreeMap<>(counts)
        .forEach((reason, count) -> node.put(reason.name().toLowerCase(Locale.ROOT), count));
  }
}
