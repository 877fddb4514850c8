package io.thunderhead.app.demo;

import io.thunderhead.log.ClientSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** What the broker itself says about how much is in its topics: the outside view of the ledger. */
final class LogOffsets implements AutoCloseable {
  private final Admin admin;

  LogOffsets(ClientSettings client) {
    admin = Admin.create(client.admin("thunderhead-ledger"));
  }

  /** Records ever written to a topic, over its partitions. */
  long end(String topic) throws ExecutionException, InterruptedException {
    return sum(offsets(topic, OffsetSpec.latest()));
  }

  /** Records of a topic that a group has not committed yet. */
  long uncommitted(String topic, String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> beginnings = offsets(topic, OffsetSpec.earliest());
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    long uncommitted = 0;
    for (Map.Entry<TopicPartition, Long> end : offsets(topic, OffsetSpec.latest()).entrySet()) {
      @Nullable OffsetAndMetadata done = committed.get(end.getKey());
      long from = done == null ? beginnings.getOrDefault(end.getKey(), 0L) : done.offset();
      uncommitted += Math.max(0, end.getValue() - from);
    }
    return uncommitted;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }

  private Map<TopicPartition, Long> offsets(String topic, OffsetSpec which)
      throws ExecutionException, InterruptedException {
    List<TopicPartitionInfo> partitions = new ArrayList<>();
    admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .values()
        .forEach(description -> partitions.addAll(description.partitions()));
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicPartitionInfo partition : partitions) {
      asked.put(new TopicPartition(topic, partition.partition()), which);
    }
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((tp, found) -> offsets.put(tp, found.offset()));
    return offsets;
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
