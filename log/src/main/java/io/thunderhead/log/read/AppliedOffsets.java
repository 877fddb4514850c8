package io.thunderhead.log.read;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * How far all partitions of a topic are applied.
 *
 * @param topicId the topic's own id, which a topic made again under the same name doesn't have
 * @param partitions one for each
 */
public record AppliedOffsets(Uuid topicId, List<AppliedOffset> partitions) {
  public AppliedOffsets {
    partitions = List.copyOf(partitions);
  }

  /** Whether the other is of the same topic and no further, nor less far. */
  public boolean isAt(AppliedOffsets other) {
    if (!topicId.equals(other.topicId) || partitions.size() != other.partitions.size()) {
      return false;
    }
    for (int i = 0; i < partitions.size(); i++) {
      AppliedOffset mine = partitions.get(i);
      AppliedOffset theirs = other.partitions.get(i);
      if (mine.partition() != theirs.partition() || mine.offset() != theirs.offset()) {
        return false;
      }
    }
    return true;
  }

  @Nullable AppliedOffset of(int partition) {
    for (AppliedOffset offset : partitions) {
      if (offset.partition() == partition) {
        return offset;
      }
    }
    return null;
  }
}
