package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuthorTimelineTest {
  private long[] timeline = AuthorTimeline.EMPTY;

  private void insert(long created, long postId) {
    timeline = AuthorTimeline.insert(timeline, 2, false, postId, created << 32 | 5, 0);
  }

  private static List<Long> ids(long[] timeline, long view) {
    List<Long> ids = new ArrayList<>();
    for (int entry = AuthorTimeline.from(view); entry < AuthorTimeline.to(view); entry++) {
      ids.add(AuthorTimeline.postId(timeline, 2, entry));
    }
    return ids;
  }

  @Test
  void insert_anyOrder_keepsOldestFirst() {
    for (long created : new long[] {5, 3, 9, 1, 9, 4}) {
      insert(created, created * 10 + AuthorTimeline.size(timeline));
    }
    assertThat(ids(timeline, AuthorTimeline.view(timeline)))
        .containsExactly(13L, 31L, 45L, 50L, 92L, 94L);
  }

  @Test
  void view_takenBefore_isUntouchedByWhateverComesAfter() {
    for (long created = 10; created < 30; created++) {
      insert(created, created);
    }
    long[] seen = timeline;
    long view = AuthorTimeline.view(seen);
    List<Long> before = ids(seen, view);
    insert(40, 40);
    timeline = AuthorTimeline.insert(timeline, 2, true, 41, 41L << 32, 0);
    insert(15, 1);
    timeline = AuthorTimeline.remove(timeline, 2, 3);
    timeline = AuthorTimeline.dropOldest(timeline, 2, 1);
    for (long created = 50; created < 200; created++) {
      timeline = AuthorTimeline.insert(timeline, 2, true, created, created << 32, 0);
    }
    assertThat(ids(seen, view)).isEqualTo(before);
  }

  @Test
  void insert_newest_usesTheRoomThatIsThere() {
    for (long created = 1; created <= 9; created++) {
      insert(created, created);
    }
    long[] before = timeline;
    insert(10, 10);
    assertThat(timeline).isSameAs(before);
  }

  @Test
  void find_missing_tellsWhereItWouldBe() {
    insert(10, 1);
    insert(20, 1);
    assertThat(AuthorTimeline.find(timeline, 2, 20, 1)).isEqualTo(1);
    assertThat(AuthorTimeline.find(timeline, 2, 5, 1)).isEqualTo(-1);
    assertThat(AuthorTimeline.find(timeline, 2, 10, 2)).isEqualTo(-2);
    assertThat(AuthorTimeline.find(timeline, 2, 20, 2)).isEqualTo(-3);
  }
}
