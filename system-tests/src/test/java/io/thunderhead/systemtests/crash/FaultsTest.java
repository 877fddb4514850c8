package io.thunderhead.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order of faults, which a seed has to give back. */
final class FaultsTest {
  private static final List<Fault> FAULTS =
      IntStream.range(0, 20)
          .mapToObj(
              i -> new Fault("F" + i, "fault", true, Fault.Repeats.BY_NOBODY, (_, _, _) -> {}))
          .toList();

  @Test
  void turn_ofASeed_isAlwaysTheSame_andHasEachOnce() {
    assertThat(Faults.turn(FAULTS, 7, 0))
        .isEqualTo(Faults.turn(FAULTS, 7, 0))
        .containsExactlyInAnyOrderElementsOf(FAULTS);
  }

  @Test
  void turn_ofAnotherSeedOrTheNext_isAnother() {
    assertThat(Faults.turn(FAULTS, 7, 0))
        .isNotEqualTo(Faults.turn(FAULTS, 8, 0))
        .isNotEqualTo(Faults.turn(FAULTS, 7, 1));
  }
}
