package io.thunderhead.app.audit;

import io.thunderhead.log.AccessRefusedException;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.LogUnavailableException;
import io.thunderhead.log.group.LedgerCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers in the committed offsets of consumer groups. A group on a topic is a stage if any of
 * its offsets there carries one; other programs' groups are passed over.
 */
final class CommittedLedgers {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private CommittedLedgers() {}

  /** One partition's committed offset with what was counted up to it. */
  record Committed(long offset, LedgerCounts counts) {}

  /** One group on one topic, by partition. */
  record StageLedger(String group, String topic, Map<Integer, Committed> partitions) {}

  /** Reads the ledgers of these groups; of all that there are if none is named. */
  static List<StageLedger> read(ClientSettings client, Set<String> groups)
      throws InterruptedException {
    Admin admin = Admin.create(client.admin("thunderhead-audit-admin"));
    try {
      admin
          .describeCluster()
          .nodes()
          .get(); // Where it is refused it says why; lists of groups don't.
      return stages(admin, groups.isEmpty() ? all(admin) : new TreeSet<>(groups));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthenticationException refused) {
        throw new AccessRefusedException(client.bootstrapServers(), refused);
      }
      throw new LogUnavailableException(
          "could not read the groups' offsets at %s: %s"
              .formatted(client.bootstrapServers(), String.valueOf(e.getCause())),
          e);
    } finally {
      admin.close(CLOSE_LIMIT);
    }
  }

  private static Collection<String> all(Admin admin)
      throws ExecutionException, InterruptedException {
    return new TreeSet<>(
        admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
            .map(GroupListing::groupId)
            .toList());
  }

  private static List<StageLedger> stages(Admin admin, Collection<String> groups)
      throws ExecutionException, InterruptedException {
    List<StageLedger> stages = new ArrayList<>();
    for (String group : groups) {
      Map<TopicPartition, @Nullable OffsetAndMetadata> offsets =
          new TreeMap<>((a, b) -> {
            int byTopic = a.topic().compareTo(b.topic());
            return byTopic != 0 ? byTopic : Integer.compare(a.partition(), b.partition());
          });
      offsets.putAll(
          admin
              .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
              .partitionsToOffsetAndMetadata(group)
              .get());
      Map<String, Map<Integer, Committed>> byTopic = new TreeMap<>();
      offsets.forEach((partition, offset) -> {
        Committed committed = offset == null ? null : committed(offset);
        if (committed != null) {
          byTopic
              .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
              .put(partition.partition(), committed);
        }
      });
      byTopic.forEach((topic, partitions) -> stages.add(new StageLedger(group, topic, partitions)));
    }
    return stages;
  }

  private static @Nullable Committed committed(OffsetAndMetadata offset) {
    if (offset.metadata().isEmpty()) {
      return null;
    }
    try {
      return new Committed(offset.offset(), LedgerCounts.parse(offset.metadata()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
