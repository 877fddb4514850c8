package io.thunderhead.app.role;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.http.MetricsText;
import io.thunderhead.app.http.RoleHttpServer;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.metrics.LiveFigures;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens the HTTP side of a role in the way that all roles do it. */
public final class RoleHttp {
  private RoleHttp() {}

  /** The address it answers on; empty where the role's HTTP is off. */
  public static Optional<String> open(
      String role,
      HttpConfig config,
      PrometheusRegistry registry,
      Supplier<Readiness> readiness,
      Resources resources)
      throws RoleFailedException, IOException {
    Access access = resources.add("access", new Access(config.access(), registry));
    return open(role, config, access, registry, readiness, resources);
  }

  /** The same for a role that has opened its door already. */
  public static Optional<String> open(
      String role,
      HttpConfig config,
      Access access,
      PrometheusRegistry registry,
      Supplier<Readiness> readiness,
      Resources resources)
      throws RoleFailedException, IOException {
    if (!config.enabled()) {
      return Optional.empty();
    }
    Supplier<Readiness> withDoor = () -> readiness.get().and(access.problems());
    LiveFigures figures =
        resources.add("live figures", LiveFigures.start(role, registry, withDoor));
    return Optional.of(open(config, access, registry, figures, withDoor, resources));
  }

  /** The same for a role that also reads the figures itself. */
  public static String open(
      HttpConfig config,
      Access access,
      PrometheusRegistry registry,
      LiveFigures figures,
      Supplier<Readiness> readiness,
      Resources resources)
      throws RoleFailedException, IOException {
    return resources
        .add(
            "HTTP",
            RoleHttpServer.start(config, access, new MetricsText(registry), figures, readiness))
        .address();
  }
}
