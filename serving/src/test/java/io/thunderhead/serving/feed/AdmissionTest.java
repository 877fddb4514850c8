package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.netflix.concurrency.limits.Limiter;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Permits are never more than the setting, whoever decides how many there are. */
@Timeout(60)
final class AdmissionTest {
  @ParameterizedTest
  @EnumSource
  void admit_atFirst_givesAsManyAsTheSettingSays_andNoMore(ConcurrencyLimit kind) {
    Admission admission = new Admission(kind, 5);
    List<Limiter.Listener> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      assertThat(admission.full()).isFalse();
      taken.add(admission.admit());
    }
    assertThat(taken).doesNotContainNull();
    assertThat(admission.full()).isTrue();
    assertThat(admission.admit()).isNull();
    assertThat(admission.inFlight()).isEqualTo(5);
    taken.getFirst().onIgnore();
    assertThat(admission.full()).isFalse();
    assertThat(admission.admit()).isNotNull();
  }

  @Test
  void vegas_whileRequestsWaitForEachOther_comesDown() {
    Admission admission = new Admission(ConcurrencyLimit.VEGAS, 64);
    work(admission, 1); // What a request takes when it is alone.
    Awaitility.await()
        .pollInSameThread()
        .until(() -> {
          work(admission, 64);
          return admission.limit() < 32;
        });
    assertThat(admission.limit()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void fixed_staysWhateverTheLoad() {
    Admission admission = new Admission(ConcurrencyLimit.FIXED, 64);
    for (int i = 0; i < 20; i++) {
      work(admission, 64);
    }
    assertThat(admission.limit()).isEqualTo(64);
  }

  /** For a third of a second: each turn, so many are admitted, and done one after the other. */
  private static void work(Admission admission, int atOnce) {
    long until = System.nanoTime() + 330_000_000L;
    while (System.nanoTime() - until < 0) {
      List<Limiter.Listener> taken = new ArrayList<>();
      for (int i = 0; i < atOnce; i++) {
        Limiter.Listener one = admission.admit();
        if (one != null) {
          taken.add(one);
        }
      }
      for (Limiter.Listener one : taken) {
        long done = System.nanoTime() + 500_000;
        while (System.nanoTime() - done < 0) {
          Thread.onSpinWait();
        }
        one.onSuccess();
      }
    }
  }
}
