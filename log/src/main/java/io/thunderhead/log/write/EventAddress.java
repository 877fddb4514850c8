package io.thunderhead.log.write;

/**
 * Where an event lies in the log.
 *
 * @param index its place in its record, 0 in a plain one
 */
public record EventAddress(String topic, int partition, long offset, int index) {
  @Override
  public String toString() {
    return topic + "-" + partition + "/" + offset + "/" + index;
  }
}
