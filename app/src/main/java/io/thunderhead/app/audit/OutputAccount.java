package io.thunderhead.app.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a topic that stages write to holds, against what they say they wrote.
 *
 * @param events all events in it
 * @param distinct different ones among them; an activity that comes again with late enrichments is
 *     a different one
 * @param late of these, activities that came again with late enrichments
 * @param written by the ledgers of all stages that write to it
 * @param cut whether retention has deleted from it
 */
public record OutputAccount(
    String topic, long events, long distinct, long late, long written, boolean cut) {

  /**
   * Events beyond the ledgers': written again after a crash, written but not committed yet, or
   * somebody else's.
   */
  public long surplus() {
    return Math.max(0, events - written);
  }

  /** Events that the ledgers call written and that are not there; unknown where it was cut. */
  public long unaccounted() {
    return cut ? 0 : Math.max(0, written - events);
  }

  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (unaccounted() > 0) {
      problems.add(
          "%s holds %,d events, but %,d are called written".formatted(topic, events, written));
    }
    return problems;
  }
}
