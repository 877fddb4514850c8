package io.thunderhead.pipeline.enrich.enrichers;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.EnrichmentFailedException;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import org.jspecify.annotations.Nullable;

/**
 * The language of the text, by itself and whatever the publisher says about it. The model is loaded
 * by {@link #start}, so a role that only extracts never has it in memory.
 */
final class LanguageEnricher implements Enricher {
  static final String NAME = "language";

  /** Characters of a text that are looked at; more don't change the answer. */
  static final int MAX_CHARS = 2_000;

  private volatile @Nullable LanguageModel model;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Activity extract(Activity activity) {
    String text = activity.getText();
    if (text.isBlank()) {
      return null;
    }
    int end = Math.min(text.length(), MAX_CHARS);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return Activity.newBuilder().setText(text.substring(0, end)).build();
  }

  @Override
  public void start() {
    model = LanguageModel.load();
  }

  @Override
  public void enrich(Activity input, Enrichment.Builder result) throws EnrichmentFailedException {
    LanguageModel loaded = model;
    if (loaded == null) {
      throw new EnrichmentFailedException("not_started");
    }
    result.setLanguage(loaded.detect(input.getText()));
  }
}
