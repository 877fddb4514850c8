package io.thunderhead.pipeline.enrich.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import io.thunderhead.protocol.v1.Activity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestQueueTest {
  private final TaskBook tasks = new TaskBook();
  private final RequestQueue queue = new RequestQueue(List.of("a", "b"), 2, 1_000);

  @Test
  void returnedComesFirst_lateComesLast() {
    EnrichmentTask late = task("a", Priority.LATE, 1);
    EnrichmentTask fresh = task("a", Priority.FRESH, 1);
    EnrichmentTask returned = task("a", Priority.FRESH, 1);
    assertThat(queue.offer(List.of(late))).isTrue();
    assertThat(queue.offer(List.of(fresh))).isTrue();
    queue.giveBack(returned);
    assertThat(queue.size("a")).isEqualTo(3);
    assertThat(queue.poll(List.of("a"))).isSameAs(returned);
    assertThat(queue.poll(List.of("a"))).isSameAs(fresh);
    assertThat(queue.poll(List.of("b"))).isNull();
    assertThat(queue.poll(List.of("a", "b"))).isSameAs(late);
    assertThat(queue.sizeBytes()).isZero();
  }

  @Test
  void activityWithoutRoomForOneOfItsTasks_entersNone() {
    assertThat(queue.offer(List.of(task("b", Priority.FRESH, 1)))).isTrue();
    assertThat(queue.offer(List.of(task("b", Priority.FRESH, 1)))).isTrue();
    assertThat(queue.offer(List.of(task("a", Priority.FRESH, 1), task("b", Priority.FRESH, 1))))
        .isFalse();
    assertThat(queue.size("a")).isZero();
  }

  @Test
  void bytesAreBounded_butALargeOneAloneGetsThrough() {
    assertThat(queue.offer(List.of(task("a", Priority.FRESH, 5_000)))).isTrue();
    assertThat(queue.offer(List.of(task("a", Priority.FRESH, 1)))).isFalse();
    assertThat(queue.poll(List.of("a"))).isNotNull();
    assertThat(queue.offer(List.of(task("a", Priority.FRESH, 900)))).isTrue();
    assertThat(queue.offer(List.of(task("a", Priority.FRESH, 200)))).isFalse();
  }

  @Test
  void decidedTasks_makeRoom_andAreNotGivenOut() {
    EnrichmentTask first = task("a", Priority.FRESH, 1);
    EnrichmentTask second = task("a", Priority.FRESH, 1);
    EnrichmentTask third = task("a", Priority.FRESH, 1);
    assertThat(queue.offer(List.of(first))).isTrue();
    assertThat(queue.offer(List.of(second))).isTrue();
    assertThat(queue.offer(List.of(third))).isFalse();
    assertThat(tasks.withdraw(first)).isTrue();
    assertThat(tasks.withdraw(first)).isFalse();
    assertThat(queue.offer(List.of(third))).isTrue();
    assertThat(tasks.withdraw(second)).isTrue();
    assertThat(queue.poll(List.of("a"))).isSameAs(third);
    assertThat(queue.sizeBytes()).isZero();
  }

  private EnrichmentTask task(String enricher, Priority priority, int textLength) {
    Activity input = Activity.newBuilder().setText("x".repeat(textLength)).build();
    return tasks.open(enricher, input, priority, (_, _) -> {});
  }
}
