package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelinesTest {
  private final Timelines timelines = new Timelines(new EntrySpace(new StoreBytes()));
  private long list = Timelines.EMPTY;

  private void insert(long created, long postId) {
    list = timelines.insert(list, 2, false, postId, created << 32 | 5, 0);
  }

  private List<Long> ids(long view) {
    List<Long> ids = new ArrayList<>();
    long[] words = timelines.words(view);
    for (int entry = Timelines.from(view); entry < Timelines.to(view); entry++) {
      ids.add(Timelines.postId(words, Timelines.at(view, 2, entry)));
    }
    return ids;
  }

  @Test
  void insert_anyOrder_keepsOldestFirst() {
    for (long created : new long[] {5, 3, 9, 1, 9, 4}) {
      insert(created, created * 10 + Timelines.size(list));
    }
    assertThat(ids(list)).containsExactly(13L, 31L, 45L, 50L, 92L, 94L);
  }

  @Test
  void view_takenBefore_isUntouchedByWhateverComesAfter() {
    for (long created = 10; created < 30; created++) {
      insert(created, created);
    }
    long seen = list;
    List<Long> before = ids(seen);
    insert(40, 40);
    list = timelines.insert(list, 2, true, 41, 41L << 32, 0);
    insert(15, 1);
    list = timelines.remove(list, 2, 3);
    list = timelines.remove(list, 2, Timelines.to(list) - 1);
    list = timelines.dropOldest(list, 2, 1);
    for (long created = 50; created < 200; created++) {
      list = timelines.insert(list, 2, true, created, created << 32, 0);
    }
    assertThat(ids(seen)).isEqualTo(before);
  }

  @Test
  void insert_newest_usesTheRoomThatIsThere() {
    // The seventh makes a list with room for nine.
    for (long created = 1; created <= 7; created++) {
      insert(created, created);
    }
    int place = Timelines.place(list);
    insert(10, 10);
    assertThat(Timelines.place(list)).isEqualTo(place);
  }

  @Test
  void dropOldest_ofHalf_makesTheListSmaller() {
    for (long created = 1; created <= 40; created++) {
      insert(created, created);
    }
    int place = Timelines.place(list);
    for (int i = 0; i < 21; i++) {
      list = timelines.dropOldest(list, 2, 1);
    }
    assertThat(Timelines.place(list)).isNotEqualTo(place);
    assertThat(ids(list)).hasSize(19).startsWith(22L).endsWith(40L);
  }

  @Test
  void find_missing_tellsWhereItWouldBe() {
    insert(10, 1);
    insert(20, 1);
    assertThat(timelines.find(list, 2, 20, 1)).isEqualTo(1);
    assertThat(timelines.find(list, 2, 5, 1)).isEqualTo(-1);
    assertThat(timelines.find(list, 2, 10, 2)).isEqualTo(-2);
    assertThat(timelines.find(list, 2, 20, 2)).isEqualTo(-3);
  }
}
