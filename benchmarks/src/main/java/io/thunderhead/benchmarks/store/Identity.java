package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.CompactPost;
import io.thunderhead.benchmarks.peer.ThunderStore;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.workload.AnswerChecksum;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The answers of both stores: their checksums, how many are the same, and by which rule the others
 * differ. The port's have to be those of a build of Thunder itself.
 */
final class Identity {
  private final BothStores stores;
  private final OurReads ours;
  private final Map<String, Integer> reasons = new TreeMap<>();

  Identity(BothStores stores) {
    this.stores = stores;
    ours = new OurReads(stores.ours(), stores.stream().now());
  }

  /** The checksums of both over these queries. */
  Checksums check(Report report, String name, ReadQuery[] queries) {
    AnswerChecksum mine = new AnswerChecksum();
    AnswerChecksum theirs = new AnswerChecksum();
    reasons.clear();
    int same = 0;
    for (ReadQuery query : queries) {
      List<CompactPost> expected = stores.port().read(query);
      theirs.begin();
      expected.forEach(post -> theirs.id(post.postId()));
      byte[] buffer = stores.buffer(expected.size());
      theirs.end(buffer, ThunderStore.encode(expected, buffer));

      ReadResult result = ours.result(query);
      mine.begin();
      boolean equal = result.count() == expected.size();
      for (int i = 0; i < result.count(); i++) {
        mine.id(result.postId(i));
        equal = equal && result.postId(i) == expected.get(i).postId();
      }
      mine.end(ours.buffer(), ours.encoded(result));
      if (equal) {
        same++;
      } else {
        explain(expected, result);
      }
    }
    Checksums checksums = new Checksums(theirs.ids(), theirs.bytes(), mine.ids(), mine.bytes());
    report.fact("checksums " + name, checksums);
    String why =
        reasons.entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    report.fact(
        "same answers " + name,
        "%d of %d%s".formatted(same, queries.length, why.isEmpty() ? "" : "; posts: " + why));
    return checksums;
  }

  private void explain(List<CompactPost> expected, ReadResult result) {
    Set<Long> mine = new HashSet<>();
    for (int i = 0; i < result.count(); i++) {
      mine.add(result.postId(i));
    }
    Set<Long> theirs = expected.stream().map(CompactPost::postId).collect(Collectors.toSet());
    for (CompactPost post : expected) {
      if (!mine.contains(post.postId())) {
        reasons.merge("only the port's: " + whyNotOurs(post), 1, Integer::sum);
      }
    }
    for (long id : mine) {
      if (!theirs.contains(id)) {
        reasons.merge("only ours: " + whyNotTheirs(id), 1, Integer::sum);
      }
    }
  }

  private String whyNotOurs(CompactPost post) {
    return post.isRetweet() && stores.port().isDeleted(post.sourcePostId())
        ? "retweets of deleted posts"
        : "cut or capped by a post that ours has more";
  }

  private String whyNotTheirs(long id) {
    CompactPost post = stores.port().post(id);
    if (post == null) {
      return "posts that the port lost";
    }
    return post.inReplyToPostId() != 0 && stores.port().post(post.inReplyToPostId()) == null
        ? "replies whose parent the port lost"
        : "moved up, or past the port's scan of dead entries";
  }

  /** The sums of ordered ids and of encoded bytes, of the port and of ours. */
  record Checksums(String portIds, String portBytes, String ourIds, String ourBytes) {}
}
