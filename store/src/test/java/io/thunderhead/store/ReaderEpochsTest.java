package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReaderEpochsTest {
  private final ReaderEpochs epochs = new ReaderEpochs();
  private final List<Long> freed = new ArrayList<>();
  private final Limbo limbo = new Limbo(epochs, freed::add);

  @Test
  void whatAReaderMayHold_waitsUntilItEnds() {
    ReaderEpochs.Reader reader = epochs.register();
    ReaderEpochs.Reader later = epochs.register();
    reader.begin();
    limbo.add(1, 0);
    limbo.release();
    assertThat(freed).isEmpty();
    later.begin();
    limbo.add(2, 0);
    reader.end();
    limbo.release();
    assertThat(freed).containsExactly(1L);
    later.end();
    limbo.release();
    assertThat(freed).containsExactly(1L, 2L);
    assertThat(limbo.isEmpty()).isTrue();
  }

  @Test
  void readersThatStandStill_letTheRestGrow() {
    ReaderEpochs.Reader reader = epochs.register();
    reader.begin();
    List<Long> all = new ArrayList<>();
    for (long item = 0; item < 10_000; item++) {
      limbo.add(item, 1);
      all.add(item);
    }
    assertThat(freed).isEmpty();
    reader.end();
    limbo.release();
    assertThat(freed).isEqualTo(all);
  }

  @Test
  void withoutReaders_everyRoundLetsGo() {
    for (long item = 0; item < 10_000; item++) {
      limbo.add(item, 1);
    }
    assertThat(freed).hasSizeGreaterThan(9_000);
  }
}
