package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitionProgressTest {
  private final List<Exception> failures = new ArrayList<>();

  @Test
  void advance_whenTheFirstBatchIsOpen_staysBeforeIt() {
    PartitionProgress progress = new PartitionProgress(10, LedgerCounts.startingAt(10));
    Ticket first = ticket(12);
    Ticket second = ticket(20);
    progress.opened(first);
    progress.opened(second);
    second.acknowledged();
    assertThat(progress.advance(_ -> {})).isFalse();
    assertThat(progress.toCommit()).isNull();
    first.acknowledged();
    assertThat(progress.advance(_ -> {})).isTrue();
    assertThat(progress.safeOffset()).isEqualTo(20);
    assertThat(progress.isIdle()).isTrue();
  }

  @Test
  void ticket_thatFailed_neverFinishes() {
    PartitionProgress progress = new PartitionProgress(0, LedgerCounts.NONE);
    Ticket ticket = ticket(5);
    progress.opened(ticket);
    ticket.retain();
    ticket.acknowledged();
    ticket.failed(new IllegalStateException("refused"));
    progress.advance(_ -> {});
    assertThat(progress.safeOffset()).isZero();
    assertThat(failures).hasSize(1);
  }

  @Test
  void commit_thatFailed_isAskedForAgain() {
    PartitionProgress progress = new PartitionProgress(0, LedgerCounts.NONE);
    Ticket ticket = ticket(5);
    progress.opened(ticket);
    ticket.acknowledged();
    progress.advance(_ -> {});
    progress.requested(5);
    assertThat(progress.toCommit()).isNull();
    progress.answered(5, false);
    assertThat(progress.toCommit()).isNotNull();
    progress.requested(5);
    progress.answered(5, true);
    assertThat(progress.toCommit()).isNull();
    assertThat(progress.committedOffset()).isEqualTo(5);
  }

  /** Random histories against the rule itself: nothing before the committed offset is open. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void commit_inAnyHistory_isNeverAheadOfAnOpenBatch(long seed) {
    Random random = new Random(seed);
    PartitionProgress progress = new PartitionProgress(0, LedgerCounts.startingAt(0));
    List<Ticket> open = new ArrayList<>();
    Map<Ticket, Integer> retained = new java.util.HashMap<>();
    Set<Long> finishedOffsets = new HashSet<>();
    long next = 0;
    long committed = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          int records = 1 + random.nextInt(5);
          Ticket ticket = ticket(next + records);
          ticket.count(LedgerCounts.of(Map.of("read", (long) records, "written", (long) records)));
          progress.opened(ticket);
          int holds = random.nextInt(3);
          for (int i = 0; i < holds; i++) {
            ticket.retain();
          }
          retained.put(ticket, holds + 1);
          open.add(ticket);
          next += records;
        }
        case 1, 2 -> {
          if (!open.isEmpty()) {
            Ticket ticket = open.get(random.nextInt(open.size()));
            ticket.acknowledged();
            if (retained.merge(ticket, -1, Integer::sum) == 0) {
              open.remove(ticket);
              finishedOffsets.add(ticket.nextOffset());
            }
          }
        }
        default -> {
          progress.advance(_ -> {});
          OffsetAndMetadata offset = progress.toCommit();
          if (offset != null) {
            progress.requested(offset.offset());
            boolean done = random.nextBoolean();
            progress.answered(offset.offset(), done);
            committed = done ? offset.offset() : committed;
            assertThat(LedgerCounts.parse(offset.metadata()).read()).isEqualTo(offset.offset());
          }
        }
      }
      long safe = progress.safeOffset();
      assertThat(open).noneMatch(ticket -> ticket.nextOffset() <= safe);
      assertThat(progress.committedOffset()).isEqualTo(committed).isLessThanOrEqualTo(safe);
      assertThat(safe == 0 || finishedOffsets.contains(safe)).isTrue();
    }
    assertThat(failures).isEmpty();
  }

  private Ticket ticket(long nextOffset) {
    return new Ticket(nextOffset, 1, 10, System.nanoTime(), () -> {}, failures::add);
  }
}
