package io.thunderhead.app.role;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.BrokerConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** The embedded Kafka broker as a process of its own, until it is told to stop. */
public final class BrokerRole implements Role {
  private final BrokerConfig config;

  public BrokerRole(BrokerConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    try (Resources resources = new Resources()) {
      EmbeddedBroker broker = resources.add("broker", startBroker());
      ReadyLine ready = new ReadyLine("broker");
      RoleHttp.open("broker", config.http(), new PrometheusRegistry(), Readiness::yes, resources)
          .ifPresent(ready::http);
      ready.kafka(broker.bootstrapServers()).print(out);
      stop.await();
    }
    return ExitCode.DONE;
  }

  private EmbeddedBroker startBroker() throws RoleFailedException {
    Map<String, String> overrides =
        config.advertised().isEmpty()
            ? Map.of()
            : Map.of("advertised.listeners", "CLIENT://" + config.advertised());
    try {
      return EmbeddedBroker.start(config.dataDir(), config.http().bind(), config.port(), overrides);
    } catch (IOException e) {
      throw new RoleFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
