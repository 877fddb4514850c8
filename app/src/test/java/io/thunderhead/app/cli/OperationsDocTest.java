package io.thunderhead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thunderhead.access.Access;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.SettingsSource;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.pipeline.edge.firehose.FileFirehose;
import io.thunderhead.pipeline.edge.ingest.EdgeConfig;
import io.thunderhead.pipeline.edge.ingest.EdgeIngester;
import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig;
import io.thunderhead.pipeline.enrich.distribute.Distributor;
import io.thunderhead.pipeline.enrich.enrichers.Enrichers;
import io.thunderhead.pipeline.enrich.enrichers.UrlSettings;
import io.thunderhead.pipeline.enrich.work.EnrichmentWorker;
import io.thunderhead.pipeline.enrich.work.WorkConfig;
import io.thunderhead.pipeline.transform.TransformConfig;
import io.thunderhead.pipeline.transform.Transformer;
import io.thunderhead.serving.ServeConfig;
import io.thunderhead.serving.ServingNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tables of docs/operations.md against the flags and metrics that there are. After a change run
 * this test with {@code -Dthunderhead.docs=write}, which writes the tables anew.
 */
final class OperationsDocTest {
  private static final Path DOC = Path.of("..", "docs", "operations.md");

  @Test
  void flags_areDocumented() throws Exception {
    check("flags", flags());
  }

  @Test
  void metrics_areDocumented() throws Exception {
    check("metrics", metrics());
  }

  private static void check(String part, String table) throws Exception {
    String begin = "<!-- " + part + ": written by OperationsDocTest -->\n";
    String end = "<!-- end of " + part + " -->";
    String doc = Files.readString(DOC);
    int from = doc.indexOf(begin) + begin.length();
    int to = doc.indexOf(end);
    assertThat(to).as("a part %s in %s", part, DOC).isGreaterThan(from - 1);
    if ("write".equals(System.getProperty("thunderhead.docs"))) {
      Files.writeString(DOC, doc.substring(0, from) + table + doc.substring(to));
      return;
    }
    assertThat(doc.substring(from, to)).isEqualTo(table);
  }

  private static String flags() {
    StringBuilder text = new StringBuilder();
    CommandLine root =
        new CommandLineRun(Map.of(), new StopRequest(), System.out, System.err)
            .commandLine(SettingsSource.of(Map.of()));
    root.getSubcommands()
        .forEach((name, command) -> {
          if (command.getCommandSpec().options().isEmpty()) {
            return; // bench, which is a program of its own
          }
          text.append("\n### ")
              .append(name)
              .append("\n\n| flag | default | meaning |\n|---|---|---|\n");
          command.getCommandSpec().options().stream()
              .filter(option -> !option.usageHelp())
              .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
              .forEach(option -> text.append(row(option)));
        });
    return text.append('\n').toString();
  }

  private static String row(OptionSpec option) {
    List<String> description = Arrays.asList(option.description());
    String words = String.join(" ", description.subList(0, description.size() - 1));
    String initial = Flags.defaultOf(option);
    // These two depend on the machine.
    boolean threads = option.longestName().equals("--threads");
    return "| `%s` | %s | %s |\n"
        .formatted(
            option.longestName(),
            threads ? "processors" : initial.isEmpty() ? "–" : "`" + initial + "`",
            words.replace("|", "\\|"));
  }

  private static String metrics() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ClientSettings nowhere = ClientSettings.of("127.0.0.1:1");
    FileFirehose nothing = FileFirehose.of(InputStream.nullInputStream(), 1);
    List<Enricher> enrichers =
        Enrichers.of(List.of("language", "urls", "author-score"), UrlSettings.defaults());
    try (Access access = Access.open(registry);
        Distributor distributor =
            new Distributor(nowhere, DistributeConfig.defaults(), enrichers, access, registry);
        EnrichmentWorker worker =
            new EnrichmentWorker(
                new WorkConfig(List.of("127.0.0.1:1"), "nobody", 1, 0),
                List.of(),
                ClientAccess.open(),
                registry);
        EdgeIngester edge = new EdgeIngester(EdgeConfig.defaults(), nothing, nowhere, registry);
        Transformer transformer = new Transformer(nowhere, TransformConfig.defaults(), registry);
        ServingNode node =
            new ServingNode(ServeConfig.of("in_network_events"), nowhere, access, registry)) {
      assertThat(distributor).isNotNull();
      assertThat(worker).isNotNull();
      assertThat(transformer).isNotNull();
      assertThat(edge).isNotNull();
      assertThat(node).isNotNull();
      return registry.scrape().stream()
          .map(OperationsDocTest::row)
          .sorted()
          .collect(Collectors.joining("", "\n| metric | type | meaning |\n|---|---|---|\n", "\n"));
    }
  }

  private static String row(MetricSnapshot snapshot) {
    MetricMetadata metadata = snapshot.getMetadata();
    String type = snapshot.getClass().getSimpleName().replace("Snapshot", "");
    String name =
        metadata.getPrometheusName() + (snapshot instanceof CounterSnapshot ? "_total" : "");
    return "| `%s` | %s | %s |\n"
        .formatted(name, type.toLowerCase(Locale.ROOT), metadata.getHelp());
  }
}
