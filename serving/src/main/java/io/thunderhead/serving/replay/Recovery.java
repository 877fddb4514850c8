package io.thunderhead.serving.replay;

import io.thunderhead.log.read.AppliedOffsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Fills the store before the log is read, so that less of the log has to be. */
public interface Recovery {
  /**
   * Fills the store.
   *
   * @param stopped once true, it returns soon, whatever it has done
   * @return from where on the log has what is missing; null if that is all of it
   */
  @Nullable AppliedOffsets recover(BooleanSupplier stopped) throws InterruptedException;

  /** What it is doing, in words; empty when it does nothing. */
  List<String> reasons();
}
