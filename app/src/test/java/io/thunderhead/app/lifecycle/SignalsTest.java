package io.thunderhead.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SignalsTest {
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private final List<String> heard = new ArrayList<>();
  private final Signals signals =
      new Signals(() -> heard.add("stop"), code -> heard.add("halt " + code));

  @Test
  void onSignal_sigtermRepeated_stopsOnceAndLetsTheStopFinish() {
    signals.onSignal(SIGTERM);
    signals.onSignal(SIGTERM);
    signals.onSignal(SIGTERM);

    assertThat(heard).containsExactly("stop");
  }

  @Test
  void onSignal_sigintRepeated_endsTheProcess() {
    signals.onSignal(SIGINT);
    signals.onSignal(SIGINT);

    assertThat(heard).containsExactly("stop", "halt 130");
  }

  @Test
  void onSignal_sigtermAfterSigint_letsTheStopFinish() {
    signals.onSignal(SIGINT);
    signals.onSignal(SIGTERM);

    assertThat(heard).containsExactly("stop");
  }
}
