package io.thunderhead.app.query;

import io.thunderhead.protocol.v1.Completeness;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.LightPost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An answer as people read it: a post per line, ages instead of times, and what it covers. */
public final class AnswerTable {
  private AnswerTable() {}

  /**
   * The lines to print.
   *
   * @param nowMs the moment that ages are counted from, UNIX milliseconds
   * @param mostLines posts beyond this are only counted
   */
  public static List<String> lines(GetInNetworkPostsResponse answer, long nowMs, int mostLines) {
    List<LightPost> shown =
        answer.getPostsList().subList(0, Math.min(mostLines, answer.getPostsCount()));
    int postWidth = width("post", shown.stream().map(post -> post.getPostId()).toList());
    int authorWidth = width("author", shown.stream().map(post -> post.getAuthorId()).toList());
    String row = "%" + postWidth + "s  %" + authorWidth + "s  %8s  %s";
    List<String> lines = new ArrayList<>();
    if (!shown.isEmpty()) {
      lines.add(row.formatted("post", "author", "age", "what"));
    }
    for (LightPost post : shown) {
      String age = age(nowMs - post.getCreatedAt() * 1000);
      lines.add(row.formatted(post.getPostId(), post.getAuthorId(), age, what(post)));
    }
    if (answer.getPostsCount() > shown.size()) {
      lines.add("… and %,d more".formatted(answer.getPostsCount() - shown.size()));
    }
    lines.add(coverage(answer, nowMs));
    return lines;
  }

  private static String what(LightPost post) {
    List<String> words = new ArrayList<>();
    if (post.getIsRetweet()) {
      words.add(reference("retweet of", post.getSourcePostId(), post.getSourceUserId()));
    } else if (post.getIsReply()) {
      words.add(reference("reply to", post.getInReplyToPostId(), post.getInReplyToUserId()));
    } else {
      words.add("post");
    }
    if (post.getHasVideo()) {
      words.add("video");
    }
    return String.join(", ", words);
  }

  private static String reference(String relation, long post, long user) {
    String whose = user == 0 ? "" : " by " + user;
    return relation + " " + (post == 0 ? "a post" : post) + whose;
  }

  private static String coverage(GetInNetworkPostsResponse answer, long nowMs) {
    Completeness completeness = answer.getCompleteness();
    String state =
        completeness.getComplete()
            ? "complete"
            : "INCOMPLETE (" + String.join(", ", completeness.getCutReasonsList()) + ")";
    String freshness =
        completeness.getAsOfMs() > 0
            ? ", as of " + age(nowMs - completeness.getAsOfMs()) + " ago"
            : "";
    return "%,d %s from %,d of %,d authors: %s%s"
        .formatted(
            answer.getPostsCount(),
            answer.getPostsCount() == 1 ? "post" : "posts",
            completeness.getAuthorsSearched(),
            completeness.getAuthorsRequested(),
            state,
            freshness);
  }

  /** A duration in the unit that people would use for it. */
  static String age(long ms) {
    if (ms < 0) {
      return "-" + age(-ms);
    }
    if (ms < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1e3);
    }
    if (ms < 120_000) {
      return ms / 1000 + " s";
    }
    if (ms < 2 * 3_600_000L) {
      return ms / 60_000 + " min";
    }
    return ms < 48 * 3_600_000L ? ms / 3_600_000 + " h" : ms / 86_400_000 + " d";
  }

  private static int width(String title, List<Long> ids) {
    return ids.stream()
        .mapToInt(id -> Long.toString(id).length())
        .reduce(title.length(), Math::max);
  }
}
