package io.thunderhead.serving;

import io.thunderhead.serving.feed.Freshness;
import io.thunderhead.serving.replay.Readiness;
import io.thunderhead.serving.replay.Replay;
import org.jspecify.annotations.Nullable;

/** What the replay knows, as the service asks for it. */
final class ReplayFreshness implements Freshness {
  private final Replay replay;

  ReplayFreshness(Replay replay) {
    this.replay = replay;
  }

  @Override
  public @Nullable String unavailable() {
    Readiness now = replay.readiness();
    return now.answering() ? null : "not ready: " + String.join("; ", now.reasons());
  }

  @Override
  public boolean stale() {
    return replay.readiness().stale();
  }

  @Override
  public boolean gap() {
    return replay.progress().gap();
  }

  @Override
  public long asOfMs() {
    return replay.progress().asOfMs();
  }
}
