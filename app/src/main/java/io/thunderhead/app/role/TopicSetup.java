package io.thunderhead.app.role;

import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.log.AccessRefusedException;
import io.thunderhead.log.LogUnavailableException;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Kafka and for the topics that a role needs, creating them where that is allowed. Roles
 * and brokers start in any order, so a broker that is away is said once and then waited for.
 */
public final class TopicSetup {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(4);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(20);

  /** How long a command that ends by itself waits for a broker. */
  public static final Duration BOUNDED_LIMIT = Duration.ofSeconds(30);

  private final KafkaConfig kafka;
  private final StopRequest stop;

  public TopicSetup(KafkaConfig kafka, StopRequest stop) {
    this.kafka = kafka;
    this.stop = stop;
  }

  public TopicSpec topic(String name) {
    return TopicSpec.events(name, kafka.partitions(), kafka.replicationFactor());
  }

  public TopicSpec deadLetters(String source) {
    return TopicSpec.deadLetters(source, kafka.partitions(), kafka.replicationFactor());
  }

  /**
   * Waits as long as it takes.
   *
   * @return false if a stop was requested first
   * @throws RoleFailedException if Kafka does not let us in, which waiting does not mend
   */
  public boolean await(TopicSpec... topics) throws InterruptedException, RoleFailedException {
    return await(Duration.ofDays(36_500), topics);
  }

  /**
   * Waits up to a limit.
   *
   * @return false if a stop was requested first
   * @throws RoleFailedException once the limit is over, or if Kafka does not let us in
   */
  public boolean await(Duration limit, TopicSpec... topics)
      throws InterruptedException, RoleFailedException {
    long start = System.nanoTime();
    long saidNs = start;
    boolean said = false;
    boolean warned = false;
    while (!stop.requested()) {
      try (TopicAdmin admin = new TopicAdmin(kafka.clients(), ATTEMPT)) {
        attempt(admin, topics);
        if (said) {
          LOG.info("Kafka at {} is there", kafka.bootstrapServers());
        }
        return true;
      } catch (AccessRefusedException e) {
        throw new RoleFailedException(String.valueOf(e.getMessage()), e);
      } catch (LogUnavailableException e) {
        long now = System.nanoTime();
        Duration waited = Duration.ofNanos(now - start);
        if (waited.compareTo(limit) >= 0) {
          throw new RoleFailedException(
              "gave up after %d s: %s".formatted(waited.toSeconds(), e.getMessage()), e);
        }
        if (!said) {
          LOG.info("Waiting for Kafka: {}", e.getMessage());
          said = true;
        } else if (now - saidNs >= PROGRESS_EVERY.toNanos()) {
          if (!warned) {
            // By now it is no matter of who was started first.
            LOG.warn("Kafka stays away ({} s): {}", waited.toSeconds(), e.getMessage());
            warned = true;
          } else {
            LOG.info("Still waiting ({} s): {}", waited.toSeconds(), e.getMessage());
          }
          saidNs = now;
        }
        stop.await(Duration.ofMillis(200));
      }
    }
    return false;
  }

  private void attempt(TopicAdmin admin, TopicSpec... topics) throws InterruptedException {
    if (kafka.createTopics()) {
      admin.ensure(topics);
    } else {
      admin.require(Arrays.stream(topics).map(TopicSpec::name).toArray(String[]::new));
    }
  }
}
