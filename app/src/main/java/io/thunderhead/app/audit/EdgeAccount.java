package io.thunderhead.app.audit;

import java.util.List;

/**
 * What edges accepted against what became of it:
 *
 * <pre>  accepted ≤ distinct activities in the topic + refused by it + in the spools</pre>
 *
 * An edge takes each activity of its stream once, so more distinct ones than it counts mean another
 * writer, and fewer a loss.
 *
 * @param accepted by the edges' own counts
 * @param events in the topic
 * @param distinct different ones among them
 * @param refused activities that the topic took at no size, by their dead letters
 * @param spooled events that wait in the spools
 * @param cut whether retention has deleted from the topic
 */
public record EdgeAccount(
    String topic,
    long accepted,
    long events,
    long distinct,
    long refused,
    long spooled,
    boolean cut) {

  /** Accepted activities that are nowhere; unknown where the topic was cut. */
  public long unaccounted() {
    return cut ? 0 : Math.max(0, accepted - distinct - refused - spooled);
  }

  /** Events that the topic holds for the second time. */
  public long twice() {
    return events - distinct;
  }

  List<String> problems() {
    return unaccounted() == 0
        ? List.of()
        : List.of(
            "the edges accepted %,d, but %s holds %,d different ones, its dead letters %,d, the spools %,d"
                .formatted(accepted, topic, distinct, refused, spooled));
  }
}
