package io.thunderhead.app.role;

import io.thunderhead.app.lifecycle.Readiness;
import java.util.function.Supplier;

/**
 * A role's readiness before and after there is something to ask: HTTP answers from the first
 * moment, while Kafka may still be away.
 */
public final class ReadinessRef implements Supplier<Readiness> {
  private volatile Supplier<Readiness> current;

  public ReadinessRef(String reason) {
    Readiness waiting = Readiness.no(reason);
    current = () -> waiting;
  }

  /** From here on somebody else knows; any thread. */
  public void set(Supplier<Readiness> next) {
    current = next;
  }

  @Override
  public Readiness get() {
    return current.get();
  }
}
