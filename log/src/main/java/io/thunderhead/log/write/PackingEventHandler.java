package io.thunderhead.log.write;

import io.thunderhead.protocol.PackedRecord;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The default: packed records (docs/wire.md), which keep every event as it is, whatever bytes it
 * has. Readers that don't know them want {@link DelimitedEventHandler} or {@code
 * pack.max.events=1}.
 */
public final class PackingEventHandler<T> implements EventHandler<T> {
  private final EventHandler<T> grouping =
      new GroupingByDestination<>(
          settings ->
              () ->
                  new PackedFrame(
                      settings.packEvents(),
                      Math.min(settings.packBytes(), settings.maxValueBytes())),
          List.of(new RecordHeader(PackedRecord.HEADER, PackedRecord.headerValue())));

  @Override
  public void handle(List<QueueItem<T>> items, RecordSender sender, Encoder<T> encoder) {
    grouping.handle(items, sender, encoder);
  }
}
