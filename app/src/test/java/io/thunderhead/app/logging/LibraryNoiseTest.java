package io.thunderhead.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LibraryNoiseTest {
  private final LoggerContext context = new LoggerContext();
  private final LibraryNoise noise = new LibraryNoise();

  @BeforeEach
  void addRules() {
    noise.addNormal("QuorumController|Performing controller activation");
    noise.addRepeated("NetworkClient | could not be established");
  }

  @Test
  void decide_normalWarning_isHeldBack() {
    assertThat(
            decide(
                "org.apache.kafka.controller.QuorumController",
                "[id=1] Performing controller activation.",
                0))
        .isEqualTo(FilterReply.DENY);
  }

  @Test
  void decide_sameWordsOfAnotherLogger_pass() {
    assertThat(decide("org.apache.kafka.Other", "Performing controller activation", 0))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void decide_otherWordsOfTheLogger_pass() {
    assertThat(decide("org.apache.kafka.controller.QuorumController", "Out of disk", 0))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void decide_repeatedWarning_passesOnceInAWhile() {
    String logger = "org.apache.kafka.clients.NetworkClient";
    String message = "Connection to node -1 could not be established.";
    assertThat(decide(logger, message, 1_000)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(decide(logger, message, 2_000)).isEqualTo(FilterReply.DENY);
    assertThat(decide(logger, message, 31_000)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(decide(logger, message, 31_001)).isEqualTo(FilterReply.DENY);
  }

  @Test
  void decide_normalCause_isHeldBackAndOthersAreNot() {
    noise.addNormal("MembershipManager|before the consumer closed");
    String logger = "org.apache.kafka.clients.ConsumerMembershipManager";
    String message = "Reconciliation failed.";
    Exception normal = new TimeoutException("not completed before the consumer closed");
    assertThat(decide(logger, message, new CompletionException(normal), 0))
        .isEqualTo(FilterReply.DENY);
    assertThat(decide(logger, message, new CompletionException(new TimeoutException()), 0))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(decide(logger, message, 0)).isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void decide_oursAlwaysPass() {
    assertThat(decide("io.thunderhead.QuorumController", "Performing controller activation", 0))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  private FilterReply decide(String logger, String message, long timeMs) {
    return decide(logger, message, null, timeMs);
  }

  private FilterReply decide(
      String logger, String message, @Nullable Throwable thrown, long timeMs) {
    Logger source = context.getLogger(logger);
    LoggingEvent event =
        new LoggingEvent(
            LibraryNoiseTest.class.getName(), source, Level.WARN, message, thrown, null);
    event.setTimeStamp(timeMs);
    return noise.decide(event);
  }
}
