package io.thunderhead.app.audit;

import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.log.LogUnavailableException;
import java.io.PrintStream;
import org.apache.kafka.common.KafkaException;

/** Audits once and prints the report. It only reads; the exit code is 0 if all adds up. */
public final class AuditRole implements Role {
  private final AuditConfig config;

  public AuditRole(AuditConfig config) {
    this.config = config;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    AuditReport report;
    try (Audit audit = new Audit(config)) {
      report = audit.run();
    } catch (LogUnavailableException | KafkaException e) {
      throw new RoleFailedException(
          "the audit could not be finished: " + String.valueOf(e.getMessage()), e);
    }
    if (config.json()) {
      out.println(AuditText.json(report));
    } else {
      AuditText.lines(report).forEach(out::println);
    }
    out.flush();
    return report.unaccounted() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }
}
