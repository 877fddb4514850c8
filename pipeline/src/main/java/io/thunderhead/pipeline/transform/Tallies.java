package io.thunderhead.pipeline.transform;

import java.util.EnumMap;
import java.util.function.ObjLongConsumer;

/** A count for each value of an enum; counting allocates nothing. Not thread-safe. */
final class Tallies<E extends Enum<E>> {
  private final EnumMap<E, Tally> tallies;

  Tallies(Class<E> type) {
    tallies = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      tallies.put(value, new Tally());
    }
  }

  void add(E value) {
    Tally tally = tallies.get(value);
    if (tally != null) {
      tally.count++;
    }
  }

  /** Hands over every count above zero, and starts again at zero. */
  void take(ObjLongConsumer<E> to) {
    tallies.forEach((value, tally) -> {
      if (tally.count > 0) {
        to.accept(value, tally.count);
        tally.count = 0;
      }
    });
  }

  private static final class Tally {
    long count;
  }
}
