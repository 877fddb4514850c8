package io.thunderhead.app.config;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant, and what is done with them.
 *
 * @param topic the topic whose letters are meant; empty for those of every topic
 * @param reasons only letters of these reasons; empty for all
 * @param fromMs only letters written from then on
 * @param untilMs only letters written before then
 * @param at one letter, by its place in the dead-letter topic
 * @param limit letters shown or put back at most
 * @param batchSize letters put back in one transaction
 * @param again also letters that were put back before
 * @param dryRun says what would be put back, and does nothing
 * @param payloadFile where the bytes of the one letter go
 * @param json JSON instead of text
 */
public record DeadLettersConfig(
    KafkaConfig kafka,
    Action action,
    String topic,
    Set<String> reasons,
    long fromMs,
    long untilMs,
    @Nullable Place at,
    int limit,
    int batchSize,
    boolean again,
    boolean dryRun,
    @Nullable Path payloadFile,
    PayloadEncoding payloadEncoding,
    boolean json) {
  /** What is done. */
  public enum Action {
    LIST,
    SHOW,
    REDRIVE
  }

  /** How bytes are written down. */
  public enum PayloadEncoding {
    RAW,
    HEX,
    BASE64
  }

  /** Where a letter stands in its dead-letter topic. */
  public record Place(int partition, long offset) {
    @Override
    public String toString() {
      return partition + ":" + offset;
    }
  }

  public DeadLettersConfig {
    reasons = Set.copyOf(reasons);
    Limits.between("limit", limit, 1, 10_000_000);
    Limits.between("batch-size", batchSize, 1, 10_000);
    if (fromMs >= untilMs) {
      throw new IllegalArgumentException("--since must be before --until");
    }
    if (action != Action.LIST) {
      Limits.notBlank("topic", topic);
    }
    if (payloadFile != null && (action != Action.SHOW || at == null)) {
      throw new IllegalArgumentException(
          "--payload-file takes the bytes of one letter: use it with show and --at");
    }
    if (action != Action.REDRIVE && (again || dryRun)) {
      throw new IllegalArgumentException("--again and --dry-run go with redrive");
    }
  }
}
