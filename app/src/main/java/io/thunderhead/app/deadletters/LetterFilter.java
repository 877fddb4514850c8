package io.thunderhead.app.deadletters;

import io.thunderhead.app.config.DeadLettersConfig;
import io.thunderhead.app.config.DeadLettersConfig.Place;

/** Which letters a call is about. */
record LetterFilter(DeadLettersConfig config) {
  boolean takes(Letter letter) {
    long timeMs = letter.message().timestamp();
    Place at = config.at();
    return (at == null || at.equals(letter.place()))
        && timeMs >= config.fromMs()
        && timeMs < config.untilMs()
        && (config.reasons().isEmpty() || config.reasons().contains(letter.reason()));
  }
}
