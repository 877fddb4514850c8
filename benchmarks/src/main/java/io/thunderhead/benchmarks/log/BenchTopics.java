package io.thunderhead.benchmarks.log;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Topics of a run, deleted once measured, so that the disk and the page cache stay small. */
final class BenchTopics {
  private final ClientSettings client;
  private int made;

  BenchTopics(ClientSettings client) {
    this.client = client;
  }

  String create(String what) throws InterruptedException {
    String name = "bench-" + what + "-" + ++made;
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.ensure(TopicSpec.events(name, Events.PARTITIONS, 1));
    }
    return name;
  }

  void delete(String topic) throws InterruptedException {
    try (Admin admin = Admin.create(client.admin("bench-admin"))) {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new BenchFailedException("cannot delete " + topic + ": " + e.getMessage());
    }
  }
}
