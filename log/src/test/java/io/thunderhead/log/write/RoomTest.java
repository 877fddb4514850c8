package io.thunderhead.log.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class RoomTest {
  private final List<Thread> callers = new ArrayList<>();

  @AfterEach
  void endCallers() throws InterruptedException {
    for (Thread caller : callers) {
      caller.interrupt();
      caller.join();
    }
  }

  @Test
  void acquire_full_waitsUntilAnEighthIsFree() throws Exception {
    Room room = filled(new Room(16, 1_000), 16);
    Thread caller = acquiring(room, 1);
    awaitWaiting(caller);
    room.release(1, 1);
    assertThat(room.events()).isEqualTo(15);
    room.release(1, 1);
    caller.join();
    assertThat(room.events()).isEqualTo(15);
    assertThat(room.waitedSeconds()).isPositive();
  }

  /** Who comes while others wait must not live on the places that these wait for. */
  @Test
  void acquire_whileOthersWait_waitsToo() throws Exception {
    Room room = filled(new Room(16, 1_000), 16);
    Thread first = acquiring(room, 1);
    awaitWaiting(first);
    room.release(1, 1);
    Thread second = acquiring(room, 1);
    awaitWaiting(second);
    room.release(3, 3);
    first.join();
    second.join();
    assertThat(room.events()).isEqualTo(14);
  }

  @Test
  void acquire_largerThanTheRoom_getsInAlone() throws Exception {
    Room room = filled(new Room(16, 100), 2);
    Thread caller = acquiring(room, 1_000);
    awaitWaiting(caller);
    room.release(1, 1);
    awaitWaiting(caller);
    room.release(1, 1);
    caller.join();
    assertThat(room.bytes()).isEqualTo(1_000);
  }

  @Test
  void acquire_smallestRoom_takesTurns() throws Exception {
    Room room = filled(new Room(1, 1), 1);
    Thread caller = acquiring(room, 1);
    awaitWaiting(caller);
    room.release(1, 1);
    caller.join();
    assertThat(room.events()).isEqualTo(1);
  }

  /** Whoever gives up must leave nobody behind who waits for them. */
  @Test
  void acquire_interrupted_leavesTheOthersTheirPlaces() throws Exception {
    Room room = filled(new Room(16, 1_000), 16);
    Thread first = acquiring(room, 1);
    Thread second = acquiring(room, 1);
    awaitWaiting(first);
    awaitWaiting(second);
    first.interrupt();
    first.join();
    room.release(16, 16);
    second.join();
    assertThat(room.events()).isEqualTo(1);
  }

  @Test
  void close_tellsWhoeverWaits() throws Exception {
    Room room = filled(new Room(2, 100), 2);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread caller = acquiring(room, 1);
    caller.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
    awaitWaiting(caller);
    room.close();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> room.tryAcquire(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void awaitEmpty_returnsOnceAllIsReleased() throws Exception {
    Room room = filled(new Room(16, 1_000), 16);
    assertThat(room.awaitEmpty(0)).isFalse();
    room.release(16, 16);
    assertThat(room.awaitEmpty(Duration.ofSeconds(10).toNanos())).isTrue();
  }

  private static Room filled(Room room, int events) {
    for (int i = 0; i < events; i++) {
      assertThat(room.tryAcquire(1)).isTrue();
    }
    return room;
  }

  private Thread acquiring(Room room, int size) {
    Thread caller =
        Thread.ofPlatform()
            .unstarted(() -> {
              try {
                room.acquire(size);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    callers.add(caller);
    caller.start();
    return caller;
  }

  private static void awaitWaiting(Thread caller) {
    await().until(() -> caller.getState() == Thread.State.WAITING);
  }
}
