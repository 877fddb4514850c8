package io.thunderhead.app.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** Whether a role does its work right now, and if not, why, in words for a person. */
public record Readiness(boolean ready, List<String> reasons) {
  private static final Readiness READY = new Readiness(true, List.of());

  public Readiness {
    reasons = List.copyOf(reasons);
  }

  public static Readiness yes() {
    return READY;
  }

  public static Readiness no(String reason) {
    return new Readiness(false, List.of(reason));
  }

  public static Readiness because(List<String> reasons) {
    return new Readiness(reasons.isEmpty(), reasons);
  }

  /** Not ready as long as there is anything else in the way. */
  public Readiness and(List<String> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(reasons);
    all.addAll(more);
    return new Readiness(false, all);
  }
}
