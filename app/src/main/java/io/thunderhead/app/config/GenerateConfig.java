package io.thunderhead.app.config;

/**
 * The synthetic firehose.
 *
 * @param events 0 for no bound
 * @param seconds 0 for no bound
 */
public record GenerateConfig(
    KafkaConfig kafka,
    HttpConfig http,
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
