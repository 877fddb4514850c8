package io.thunderhead.pipeline.enrich.enrichers;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.EnrichmentFailedException;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.UnwoundUrl;
import io.thunderhead.protocol.v1.UnwoundUrls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where an activity's shortened URLs lead. It fails only if none of them could be unwound because
 * time ran out; one that leads nowhere, or where we must not go, says so in its own entry.
 */
final class UrlsEnricher implements Enricher {
  static final String NAME = "urls";

  private final UrlSettings settings;
  private volatile @Nullable UrlUnwinder unwinder;

  UrlsEnricher(UrlSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Activity extract(Activity activity) {
    return activity.getUrlsCount() == 0
        ? null
        : Activity.newBuilder().addAllUrls(activity.getUrlsList()).build();
  }

  @Override
  public void start() {
    unwinder = new UrlUnwinder(settings);
  }

  @Override
  public void enrich(Activity input, Enrichment.Builder result)
      throws EnrichmentFailedException, InterruptedException {
    UrlUnwinder open = unwinder;
    if (open == null) {
      throw new EnrichmentFailedException("not_started");
    }
    long deadline = System.nanoTime() + Duration.ofMillis(settings.totalTimeoutMs()).toNanos();
    UnwoundUrls.Builder all = UnwoundUrls.newBuilder();
    int timedOut = 0;
    for (int i = 0; i < input.getUrlsCount(); i++) {
      UnwoundUrl one =
          i < settings.maxUrls()
              ? open.unwind(input.getUrls(i), deadline)
              : UrlUnwinder.failed(input.getUrls(i), 0, "too_many");
      timedOut += one.getReason().equals(UrlUnwinder.TIMED_OUT) ? 1 : 0;
      all.addUrls(one);
    }
    if (timedOut == input.getUrlsCount()) {
      throw new EnrichmentFailedException(UrlUnwinder.TIMED_OUT);
    }
    result.setUrls(all);
  }

  @Override
  public void close() {
    UrlUnwinder open = unwinder;
    if (open != null) {
      open.close();
    }
  }
}
