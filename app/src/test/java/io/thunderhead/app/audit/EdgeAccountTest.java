package io.thunderhead.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each fault planted alone into a sound account: 100 accepted, 5 of them refused by the topic. */
final class EdgeAccountTest {
  private static EdgeAccount account(long distinct, long refused, long spooled, boolean cut) {
    return new EdgeAccount("activities", 100, distinct + 3, distinct, refused, spooled, cut);
  }

  @Test
  void unaccounted_ofASoundAccount_isZero_andWhatIsThereTwiceIsCounted() {
    assertThat(account(95, 5, 0, false).unaccounted()).isZero();
    assertThat(account(95, 5, 0, false).problems()).isEmpty();
    assertThat(account(95, 5, 0, false).twice()).isEqualTo(3);
    assertThat(account(60, 5, 35, false).unaccounted()).isZero();
  }

  @Test
  void unaccounted_ofAnActivityThatIsNowhere_orARefusalWithoutItsLetter_isOne() {
    assertThat(account(94, 5, 0, false).unaccounted()).isEqualTo(1);
    assertThat(account(94, 5, 0, false).problems()).hasSize(1);
    assertThat(account(95, 4, 0, false).unaccounted()).isEqualTo(1);
  }

  @Test
  void unaccounted_ofATopicThatWasCut_isNotGuessed() {
    assertThat(account(10, 5, 0, true).unaccounted()).isZero();
  }
}
