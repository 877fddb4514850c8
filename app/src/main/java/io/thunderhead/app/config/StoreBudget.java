package io.thunderhead.app.config;

import io.thunderhead.store.StoreConfig;

/**
 * How much memory a store may take of this process's heap. A store without a budget would end the
 * process when it outgrows the heap, so there is always one.
 */
public final class StoreBudget {
  /**
   * The rest is for what the store gives back and the collector has not, for reads and for Kafka.
   */
  private static final double DEFAULT_SHARE = 0.7;

  private static final double MOST_SHARE = 0.8;

  private StoreBudget() {}

  /** The budget of a store when nothing is asked for. */
  public static long bytes() {
    return bytes(0, Runtime.getRuntime().maxMemory());
  }

  /**
   * The budget of a store in a heap of this size.
   *
   * @param storeBytes what {@code --store-bytes} says; 0 takes a share of the heap
   * @throws IllegalArgumentException if the heap has no room for it
   */
  public static long bytes(long storeBytes, long maxHeapBytes) {
    long most = (long) (maxHeapBytes * MOST_SHARE);
    if (storeBytes == 0) {
      return Math.max(StoreConfig.LEAST_MAX_BYTES, (long) (maxHeapBytes * DEFAULT_SHARE));
    }
    if (storeBytes < StoreConfig.LEAST_MAX_BYTES || storeBytes > most) {
      throw new IllegalArgumentException(
          "--store-bytes must be 0 or from %d to %d, 80 %% of the heap of %d, not %d; a larger heap:"
                  .formatted(StoreConfig.LEAST_MAX_BYTES, most, maxHeapBytes, storeBytes)
              + " THUNDERHEAD_JAVA_OPTS=-Xmx...");
    }
    return storeBytes;
  }
}
