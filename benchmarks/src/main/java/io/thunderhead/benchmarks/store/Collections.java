package io.thunderhead.benchmarks.store;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * What the collector has done since this was made: of each of its kinds of collections how many,
 * how long all together and how long the longest. The concurrent ones stop nobody for that long.
 */
final class Collections {
  private final Map<String, Sum> sums = new TreeMap<>();

  Collections() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) bean).addNotificationListener((told, none) -> add(told), null, null);
    }
  }

  /** A row for each figure. */
  synchronized void tell(Report report) {
    sums.forEach((name, sum) -> {
      report.add(Row.alone("soak-" + name, sum.count, "collections"));
      report.add(Row.alone("soak-" + name + "-all", sum.allMs, "ms"));
      report.add(Row.alone("soak-" + name + "-longest", sum.longestMs, "ms"));
    });
  }

  private synchronized void add(Notification told) {
    if (told.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      GarbageCollectionNotificationInfo info =
          GarbageCollectionNotificationInfo.from((CompositeData) told.getUserData());
      String name = info.getGcName().toLowerCase(Locale.ROOT).replace(' ', '-');
      sums.computeIfAbsent(name, any -> new Sum()).add(info.getGcInfo().getDuration());
    }
  }

  private static final class Sum {
    private double count;
    private double allMs;
    private double longestMs;

    void add(long ms) {
      count++;
      allMs += (double) ms;
      longestMs = Math.max(longestMs, (double) ms);
    }
  }
}
