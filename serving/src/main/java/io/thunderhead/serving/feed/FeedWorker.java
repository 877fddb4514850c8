package io.thunderhead.serving.feed;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.thunderhead.serving.graph.FollowGraph;
import io.thunderhead.serving.graph.FollowGraphException;
import io.thunderhead.serving.logging.LogRate;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request at a time, with everything that this needs kept from request to request. Not
 * thread-safe; there are as many as requests may be answered at once.
 */
final class FeedWorker {
  private static final Logger LOG = LoggerFactory.getLogger(FeedWorker.class);
  private static final LogRate DEBUG_RATE = new LogRate(1);
  private static final LogRate FAILURE_RATE = new LogRate(10);

  private final PostReader reader;
  private final Freshness freshness;
  private final @Nullable FollowGraph graph;
  private final InstantSource clock;
  private final FeedMetrics metrics;
  private final RecentLatencies latencies;
  private final RequestDecoder request;
  private final ReadQuery query = new ReadQuery();
  private final EncodedAnswer answer = new EncodedAnswer();
  private final List<String> cutReasons = new ArrayList<>(4);

  FeedWorker(
      FeedConfig config,
      PostStore store,
      Freshness freshness,
      @Nullable FollowGraph graph,
      InstantSource clock,
      FeedMetrics metrics,
      RecentLatencies latencies) {
    this.reader = store.newReader();
    this.request = new RequestDecoder(config);
    this.freshness = freshness;
    this.graph = graph;
    this.clock = clock;
    this.metrics = metrics;
    this.latencies = latencies;
  }

  /**
   * Sends the answer, if there is one, and says how the call is to be closed; null if the caller
   * has gone. Closing is left to whoever holds the permit, who gives it back first: a caller that
   * has its answer must find room for its next request. Never throws.
   */
  @Nullable Status serve(AdmittedCall admitted) {
    try {
      Status refusal = admitted.request().refusal();
      return refusal == null ? answer(admitted) : refused(refusal, "too_large");
    } catch (InvalidRequestException e) {
      return refused(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), "invalid");
    } catch (FollowGraphException e) {
      String reason = "follow graph: " + e.getMessage();
      return refused(Status.UNAVAILABLE.withDescription(reason), "graph");
    } catch (RuntimeException | Error e) {
      if (FAILURE_RATE.admit() >= 0) {
        LOG.warn("A request failed", e);
      }
      return refused(Status.INTERNAL.withDescription("the request failed"), "failed");
    }
  }

  private @Nullable Status answer(AdmittedCall admitted)
      throws InvalidRequestException, FollowGraphException {
    byte[] bytes = admitted.request().bytes();
    request.decode(bytes, bytes.length);
    long graphNs = request.following().count() == 0 && graph != null ? lookUp(graph) : 0;
    fillQuery();
    // Before the read: what is logged from here on need not be in the answer.
    long asOfMs = freshness.asOfMs();
    boolean stale = freshness.stale();
    boolean gap = freshness.gap();
    long nowSeconds = clock.millis() / 1000;
    ReadResult result = reader.read(query, nowSeconds, admitted);
    if (admitted.call().isCancelled()) {
      metrics.ended(Status.Code.CANCELLED);
      return null;
    }
    cutReasons.clear();
    cut(result.stopped(), "deadline");
    cut(stale, "stale");
    cut(gap, "log_gap");
    cut(result.windowShort(), "memory_budget");
    answer.encode(result, result.authorsRequested(), result.authorsSearched(), asOfMs, cutReasons);
    send(admitted);
    observe(admitted, result, graphNs, nowSeconds);
    metrics.ended(Status.Code.OK);
    return Status.OK;
  }

  private long lookUp(FollowGraph graph) throws FollowGraphException {
    long startNs = System.nanoTime();
    String status = "error";
    try {
      long[] following = graph.following(request.userId());
      request.following().set(following);
      status = following.length == 0 ? "empty" : "found";
    } finally {
      metrics.graphLookup(status, System.nanoTime() - startNs);
    }
    return System.nanoTime() - startNs;
  }

  private void fillQuery() {
    query.requesterId = request.userId();
    query.follows = request.following().ids();
    query.followCount = request.following().count();
    query.excludes = request.excludes().ids();
    query.excludeCount = request.excludes().count();
    query.maxResults = request.maxResults();
    query.maxOriginals = request.maxPostsPerAuthor();
    query.maxReplies = request.maxRepliesPerAuthor();
    query.video = request.video();
  }

  private void cut(boolean isCut, String reason) {
    if (isCut) {
      cutReasons.add(reason);
      metrics.incomplete(reason);
    }
  }

  private void send(AdmittedCall admitted) {
    ServerCall<InboundRequest, EncodedAnswer> call = admitted.call();
    String compression = admitted.compression();
    if (compression != null) {
      call.setCompression(compression);
    }
    call.sendHeaders(new Metadata());
    call.sendMessage(answer);
  }

  private void observe(AdmittedCall admitted, ReadResult result, long graphNs, long nowSeconds) {
    long tookNs = System.nanoTime() - admitted.arrivedNs();
    latencies.add(tookNs);
    metrics.seconds.observe(tookNs / 1e9);
    metrics.secondsWithoutGraph.observe((tookNs - graphNs) / 1e9);
    metrics.following.observe(query.followCount);
    metrics.excluded.observe(query.excludeCount);
    metrics.maxResults.observe(query.maxResults);
    metrics.postsReturned.observe(result.count());
    metrics.found(result.retrieved(), result.scored(), nowSeconds);
    if (request.debug()) {
      debug(admitted, result, tookNs);
    }
  }

  /** A caller decides how often this is asked for, so it is sizes only and a line a second. */
  private void debug(AdmittedCall admitted, ReadResult result, long tookNs) {
    long suppressed = DEBUG_RATE.admit();
    if (suppressed >= 0) {
      LOG.info(
          "Debug request: {} bytes, {} follows, {} excludes, at most {} {}; {} posts in {} µs, cut"
              + " {}; {} such lines left out before",
          admitted.request().bytes().length,
          query.followCount,
          query.excludeCount,
          query.maxResults,
          query.video ? "videos" : "posts",
          result.count(),
          tookNs / 1000,
          cutReasons,
          suppressed);
    }
  }

  private Status refused(Status status, String reason) {
    metrics.rejected(reason);
    metrics.ended(status.getCode());
    return status;
  }
}
