package io.thunderhead.pipeline.edge.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the edge is.
 *
 * @param ready whether it reads from its source and has somewhere to put it
 * @param reasons everything that a person should see, also of an edge that is ready
 * @param fatal why it can't go on, null otherwise
 * @param ended whether its source came to the end
 */
public record EdgeHealth(
    boolean ready, List<String> reasons, @Nullable String fatal, boolean ended) {
  public EdgeHealth {
    reasons = List.copyOf(reasons);
  }
}
