package io.thunderhead.benchmarks.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.BenchFlags;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.store.PostFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench feed}: answers over gRPC from another process, at 1, 8 and 64 callers. */
@Command(
    name = "feed",
    description = {
      "The serving node's answers over gRPC, from another process on this machine, at 1, 8 and 64"
          + " callers, each with one request under way: beside the same answers built with"
          + " protobuf's generated classes, and beside the ceiling, a call that does nothing and"
          + " answers with as many bytes. The servers take turns. Fails if their answers differ.",
      "1000 follows, 500 excluded posts and 400 results of a million posts. About two and a half"
          + " minutes; --quick one."
    })
public final class FeedBench implements Callable<Integer> {
  private static final int POSTS = 1_000_000;
  private static final int[] CALLERS = {1, 8, 64};
  private static final int MOST_CALLERS = 64;
  private static final int WARM_CALLERS = 8;
  private static final int CHECKED = 50;

  @Mixin private BenchFlags flags = new BenchFlags();

  @Override
  public Integer call() throws InterruptedException {
    Report report = flags.report();
    FeedWorkload workload = new FeedWorkload(POSTS);
    List<ServerProcess> servers = new ArrayList<>();
    Map<ServerKind, Callers> callers = new EnumMap<>(ServerKind.class);
    try {
      servers.add(ServerProcess.start(ServerKind.OURS, POSTS, 0));
      servers.add(ServerProcess.start(ServerKind.GENERATED, POSTS, 0));
      PostFields post = new PostFields();
      for (int i = 0; i < POSTS; i++) {
        workload.stream().next(post);
      }
      byte[][] requests = workload.requests();
      servers.forEach(server -> connect(server, callers, requests));
      int answerBytes =
          compare(caller(callers, ServerKind.OURS), caller(callers, ServerKind.GENERATED));
      report.fact("request bytes", requests[0].length);
      report.fact("answer bytes, mean", answerBytes);
      for (ServerKind kind : List.of(ServerKind.CEILING, ServerKind.HANDED_OVER)) {
        ServerProcess server = ServerProcess.start(kind, 0, answerBytes);
        servers.add(server);
        connect(server, callers, requests);
      }
      measure(servers, callers, report);
    } finally {
      callers.values().forEach(Callers::close);
      servers.forEach(ServerProcess::close);
    }
    flags.finish(report);
    return 0;
  }

  private static void connect(
      ServerProcess server, Map<ServerKind, Callers> callers, byte[][] requests) {
    server.await();
    callers.put(server.kind(), new Callers(server.port(), MOST_CALLERS, requests));
  }

  private void measure(List<ServerProcess> servers, Map<ServerKind, Callers> callers, Report report)
      throws InterruptedException {
    int rounds = flags.quick() ? 3 : 5;
    long roundMs = flags.quick() ? 1_000 : 2_000;
    for (ServerProcess server : servers) {
      report.progress("warming up: " + server.kind());
      caller(callers, server.kind()).run(server, WARM_CALLERS, 3 * roundMs);
    }
    for (int count : CALLERS) {
      Map<ServerKind, List<Round>> done = new EnumMap<>(ServerKind.class);
      for (int round = 0; round < rounds; round++) {
        // Another one begins each round, so that none always follows the same.
        Collections.rotate(servers, 1);
        for (ServerProcess server : servers) {
          done.computeIfAbsent(server.kind(), kind -> new ArrayList<>())
              .add(caller(callers, server.kind()).run(server, count, roundMs));
        }
      }
      Map<ServerKind, Round> all = new EnumMap<>(ServerKind.class);
      done.forEach((kind, list) -> all.put(kind, Round.of(list)));
      all.forEach((kind, round) -> report.progress(words(count, kind, round)));
      rows(count, all, report);
    }
  }

  private static void rows(int count, Map<ServerKind, Round> all, Report report) {
    Round ours = round(all, ServerKind.OURS);
    String prefix = "feed-" + count + "-callers-";
    for (ServerKind kind :
        List.of(ServerKind.GENERATED, ServerKind.CEILING, ServerKind.HANDED_OVER)) {
      Round other = round(all, kind);
      String against = kind.toString();
      String suffix = kind == ServerKind.GENERATED ? "" : "-to-" + against.replace(' ', '-');
      report.add(
          Row.moreIsBetter(
              prefix + "requests" + suffix,
              ours.requestsPerSecond(),
              "requests per second",
              other.requestsPerSecond(),
              against));
      report.add(
          Row.lessIsBetter(
              prefix + "cpu" + suffix,
              ours.cpuUsPerRequest(),
              "server CPU us per request",
              other.cpuUsPerRequest(),
              against));
      for (int perMille : new int[] {500, 990, 999}) {
        String name = perMille == 999 ? "p99.9" : "p" + perMille / 10;
        report.add(
            Row.lessIsBetter(
                prefix + name + suffix,
                ours.perMilleUs(perMille),
                "us",
                other.perMilleUs(perMille),
                against));
      }
    }
  }

  private static String words(int count, ServerKind kind, Round round) {
    return String.format(
        Locale.ROOT,
        "%2d callers, %-22s: %,7.0f requests/s, p50 %,.0f us, p99 %,.0f, p99.9 %,.0f, CPU %.0f us",
        count,
        kind,
        round.requestsPerSecond(),
        round.perMilleUs(500),
        round.perMilleUs(990),
        round.perMilleUs(999),
        round.cpuUsPerRequest());
  }

  /** Holds answers of both servers against each other; their mean length. */
  private static int compare(Callers ours, Callers generated) {
    long bytes = 0;
    try {
      for (int i = 0; i < CHECKED; i++) {
        byte[] answer = ours.answer(i);
        if (!GetInNetworkPostsResponse.parseFrom(answer)
            .equals(GetInNetworkPostsResponse.parseFrom(generated.answer(i)))) {
          throw new BenchFailedException("the servers' answers to request " + i + " differ");
        }
        bytes += answer.length;
      }
    } catch (InvalidProtocolBufferException e) {
      throw new BenchFailedException("an answer is no message: " + e.getMessage());
    }
    return (int) (bytes / CHECKED);
  }

  private static Callers caller(Map<ServerKind, Callers> callers, ServerKind kind) {
    return present(callers, kind);
  }

  private static Round round(Map<ServerKind, Round> rounds, ServerKind kind) {
    return present(rounds, kind);
  }

  private static <T> T present(Map<ServerKind, T> map, ServerKind kind) {
    T found = map.get(kind);
    if (found == null) {
      throw new IllegalStateException("nothing of " + kind);
    }
    return found;
  }
}
