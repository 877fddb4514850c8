package io.thunderhead.pipeline.enrich.enrichers;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes none of a body: it is done with the head, and cancels whatever would come. */
final class UnreadBody implements BodySubscriber<Void> {
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  @Override
  public CompletionStage<Void> getBody() {
    return done;
  }

  @Override
  @SuppressWarnings("NullAway") // A future of nothing is completed with null.
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.cancel();
    done.complete(null);
  }

  @Override
  public void onNext(List<ByteBuffer> unused) {}

  @Override
  @SuppressWarnings("NullAway")
  public void onError(Throwable unused) {
    done.complete(null);
  }

  @Override
  @SuppressWarnings("NullAway")
  public void onComplete() {
    done.complete(null);
  }
}
