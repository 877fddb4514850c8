package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TicketTest {
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void tookNanos_seenFinishedByAnotherThread_isNeverNegative() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      Ticket[] tickets = new Ticket[500];
      for (int i = 0; i < tickets.length; i++) {
        tickets[i] = new Ticket(i + 1, 1, 1, System.nanoTime(), () -> {}, failure -> {});
      }
      Thread producer =
          Thread.ofPlatform()
              .start(() -> {
                for (Ticket ticket : tickets) {
                  ticket.acknowledged();
                }
              });
      for (Ticket ticket : tickets) {
        while (!ticket.isFinished()) {
          Thread.onSpinWait();
        }
        assertThat(ticket.tookNanos()).isNotNegative();
      }
      producer.join();
    }
  }
}
