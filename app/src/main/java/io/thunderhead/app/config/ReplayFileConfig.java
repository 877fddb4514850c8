package io.thunderhead.app.config;

import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.pipeline.edge.RecordFormat;
import java.nio.file.Path;

/**
 * Publishing a file of recorded posts.
 *
 * @param producer how posts become records
 * @param speed 0 as fast as possible, 1 in original time, X that many times faster
 * @param topic one of the two that publishers write to
 * @param keepTimes whether posts keep their times; otherwise all are shifted so that the last is
 *     now
 */
public record ReplayFileConfig(
    KafkaConfig kafka,
    HttpConfig http,
    ProducerSettings producer,
    Path file,
    RecordFormat format,
    double speed,
    String topic,
    boolean keepTimes) {
  public ReplayFileConfig {
    if (!(speed >= 0 && speed <= 1e9)) {
      throw new IllegalArgumentException("--speed must be from 0 to 1000000000, not " + speed);
    }
  }
}
