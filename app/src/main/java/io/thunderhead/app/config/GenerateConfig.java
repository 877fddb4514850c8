package io.thunderhead.app.config;

import io.thunderhead.log.write.ProducerSettings;

/**
 * The synthetic firehose.
 *
 * @param producer how events become records
 * @param events 0 for no bound
 * @param seconds 0 for no bound
 */
public record GenerateConfig(
    KafkaConfig kafka,
    HttpConfig http,
    ProducerSettings producer,
    String topic,
    int rate,
    long events,
    long seconds,
    long seed,
    int authors) {
  public GenerateConfig {
    Limits.notBlank("topic", topic);
    Limits.between("rate", rate, 1, 10_000_000);
    Limits.atLeast("events", events, 0);
    Limits.atLeast("seconds", seconds, 0);
    Limits.between("authors", authors, 10, 50_000_000);
  }

  public boolean bounded() {
    return events > 0 || seconds > 0;
  }
}
