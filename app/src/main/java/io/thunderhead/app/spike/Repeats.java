package io.thunderhead.app.spike;

/**
 * What a topic holds twice, and what it may.
 *
 * @param twice events that its stage wrote more than once; what it was given twice is not its own
 * @param window the most that the stage had written and not committed when it was disturbed
 */
record Repeats(String topic, long twice, long window) {
  boolean withinWindow() {
    return twice <= window;
  }

  String words() {
    return "%s holds %,d events twice, but only %,d were written and not committed at the faults"
        .formatted(topic, twice, window);
  }
}
