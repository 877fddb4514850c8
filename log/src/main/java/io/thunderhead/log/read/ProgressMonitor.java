package io.thunderhead.log.read;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks the broker where the partitions end, one request for all of them. A request
 * that fails changes nothing: the state it would have refreshed grows old, which is what readiness
 * looks at.
 */
final class ProgressMonitor implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressMonitor.class);
  private static final int TIMEOUT_MS = 5_000;

  private final ReadSettings settings;
  private final Admin admin;
  private final ReplayProgress progress;
  private final ReadMetrics metrics;
  private final CountDownLatch stop;
  private boolean failing;

  ProgressMonitor(
      ReadSettings settings,
      Admin admin,
      ReplayProgress progress,
      ReadMetrics metrics,
      CountDownLatch stop) {
    this.settings = settings;
    this.admin = admin;
    this.progress = progress;
    this.metrics = metrics;
    this.stop = stop;
  }

  @Override
  public void run() {
    try {
      do {
        PartitionProgress[] partitions = progress.current();
        if (partitions.length > 0) {
          ask(partitions);
        }
      } while (!stop.await(settings.monitorEvery().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(PartitionProgress[] partitions) throws InterruptedException {
    long[] appliedBefore = new long[partitions.length];
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    for (int i = 0; i < partitions.length; i++) {
      appliedBefore[i] = partitions[i].applied();
      request.put(new TopicPartition(settings.topic(), i), OffsetSpec.latest());
    }
    long sentMs = settings.clock().millis();
    boolean failed = false;
    try {
      ListOffsetsResult answer =
          admin.listOffsets(request, new ListOffsetsOptions().timeoutMs(TIMEOUT_MS));
      for (int i = 0; i < partitions.length; i++) {
        long end =
            answer
                .partitionResult(new TopicPartition(settings.topic(), i))
                .get(2 * TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .offset();
        partitions[i].ended(end, sentMs, appliedBefore[i]);
      }
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      failed = true;
      metrics.endOffsetErrors.labelValues(settings.topic()).inc();
      if (!failing) {
        Throwable cause =
            e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        LOG.info("The ends of {} are not known: {}", settings.topic(), cause.getMessage());
      }
    }
    failing = failed;
  }
}
