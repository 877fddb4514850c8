package io.thunderhead.log.write;

import java.util.List;

/**
 * Events with a delimiter between them ({@code pack.delimiter}, a newline unless set otherwise),
 * for readers of text. The records have no packing header and no key: such a reader splits every
 * value. An event that holds the delimiter goes alone, where that reader will still split it; no
 * other event suffers.
 */
public final class DelimitedEventHandler<T> implements EventHandler<T> {
  private final EventHandler<T> grouping =
      new GroupingByDestination<>(
          settings ->
              () ->
                  new DelimitedFrame(
                      settings.delimiterBytes(),
                      settings.packEvents(),
                      Math.min(settings.packBytes(), settings.maxValueBytes())),
          List.of());

  @Override
  public void handle(List<QueueItem<T>> items, RecordSender sender, Encoder<T> encoder) {
    grouping.handle(items, sender, encoder);
  }
}
