package io.thunderhead.pipeline.enrich.enrichers;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.AuthorScore;
import io.thunderhead.protocol.v1.Enrichment;
import org.jspecify.annotations.Nullable;

/**
 * How much of an audience an author has, from 0 to 100, out of the counts that the publisher sends
 * along. It is a plain formula of ours, no model of influence:
 *
 * <pre>
 *   reach     = min(1, log10(1 + followers) / 7)       none 0, a thousand 0.43, ten million 1
 *   earned    = followers / (followers + following)     how far the audience is no exchange of favours
 *   score     = 100 · reach · (0.5 + 0.5 · earned)
 * </pre>
 *
 * Audiences are spread over many powers of ten, which is why the logarithm; who follows as many as
 * follow back gets three quarters of what the count alone would give. Without the number followed,
 * {@code earned} is 1.
 */
final class AuthorScoreEnricher implements Enricher {
  static final String NAME = "author-score";

  private static final double FULL_REACH_LOG10 = 7;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Activity extract(Activity activity) {
    if (!activity.hasFollowers()) {
      return null;
    }
    Activity.Builder input = Activity.newBuilder().setFollowers(activity.getFollowers());
    if (activity.hasFollowing()) {
      input.setFollowing(activity.getFollowing());
    }
    return input.build();
  }

  @Override
  public void enrich(Activity input, Enrichment.Builder result) {
    result.setAuthorScore(
        AuthorScore.newBuilder().setScore(score(input.getFollowers(), input.getFollowing())));
  }

  /** The score of an author; counts below zero are taken for zero. */
  static double score(long followers, long following) {
    double audience = Math.max(0, followers);
    double followed = Math.max(0, following);
    if (audience == 0) {
      return 0;
    }
    double reach = Math.min(1, Math.log10(1 + audience) / FULL_REACH_LOG10);
    double earned = audience / (audience + followed);
    return 100 * reach * (0.5 + 0.5 * earned);
  }
}
