package io.thunderhead.systemtests.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What roles say on standard error: no payload, no stack traces, no flood of one cause (I12). */
final class LogWatch {
  /** Of a text that every published post has, and nobody downstream needs. */
  private static final String PAYLOAD = "nobody downstream needs";

  private static final int MOST_LINES_PER_SECOND = 10;

  private final Map<String, Long> read = new HashMap<>();

  /** Looks at what the roles have said since the last time, {@code seconds} ago. */
  void look(List<Role> roles, double seconds, List<String> breaches) throws IOException {
    for (Role role : roles) {
      Map<String, Integer> causes = new HashMap<>();
      int traces = 0;
      for (String line : newLines(role)) {
        if (line.contains(PAYLOAD)) {
          breaches.add("I12 " + role.name() + " logs a payload");
        }
        if (line.startsWith("\tat ")) {
          traces++;
        } else {
          causes.merge(line.replaceAll("[0-9a-f-]*\\d[0-9a-f-]*", "#"), 1, Integer::sum);
        }
      }
      // A broker whose disk is full or whose files were torn by a kill is Kafka's to explain.
      if (traces > 0 && !role.name().equals("broker")) {
        breaches.add("I12 %s logs stack traces, %d lines".formatted(role.name(), traces));
      }
      causes.forEach((cause, count) -> {
        if (count > MOST_LINES_PER_SECOND * seconds && !role.name().equals("broker")) {
          breaches.add("I12 %s says %d times: %s".formatted(role.name(), count, cause));
        }
      });
    }
  }

  private List<String> newLines(Role role) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(role.log().toFile(), "r")) {
      long from = read.getOrDefault(role.name(), 0L);
      byte[] bytes = new byte[(int) Math.min(file.length() - from, 64 << 20)];
      file.seek(from);
      file.readFully(bytes);
      read.put(role.name(), from + bytes.length);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }
}
