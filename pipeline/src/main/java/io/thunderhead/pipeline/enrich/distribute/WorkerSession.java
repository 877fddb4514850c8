package io.thunderhead.pipeline.enrich.distribute;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.thunderhead.protocol.v1.DistributorMessage;
import io.thunderhead.protocol.v1.EnrichmentOutcome;
import io.thunderhead.protocol.v1.WorkerHello;
import io.thunderhead.protocol.v1.WorkerMessage;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One worker's stream. What comes in is handled on gRPC's threads and takes no time; what goes out
 * is sent by the dispatcher's thread alone, for a stream must not be written by two.
 */
final class WorkerSession implements StreamObserver<WorkerMessage> {
  /** The most credits that a worker may have given and not got back as requests. */
  static final int MAX_CREDITS = 100_000;

  private static final int MAX_ENRICHERS = 64;

  private final ServerCallStreamObserver<DistributorMessage> out;
  private final Dispatcher dispatcher;
  private final AtomicInteger credits = new AtomicInteger();
  private final AtomicReference<List<String>> enrichers = new AtomicReference<>(List.of());

  // Written on gRPC's threads.
  private volatile boolean hello;
  private volatile boolean draining;
  private volatile boolean gone;

  /** The dispatcher's thread only. */
  private boolean ended;

  WorkerSession(ServerCallStreamObserver<DistributorMessage> out, Dispatcher dispatcher) {
    this.out = out;
    this.dispatcher = dispatcher;
    out.setOnReadyHandler(dispatcher::wake);
    out.setOnCancelHandler(this::leave);
  }

  @Override
  public void onNext(WorkerMessage message) {
    if (message.hasHello() == hello) {
      refuse("hello must be in the first message, and only there");
      return;
    }
    if (message.hasHello() && !greet(message.getHello())) {
      return;
    }
    for (EnrichmentOutcome outcome : message.getOutcomesList()) {
      dispatcher.outcome(this, outcome);
    }
    for (long id : message.getHandedBackList()) {
      dispatcher.handedBack(this, id);
    }
    if (message.getDraining()) {
      draining = true;
      credits.set(0);
    }
    if (message.getCredits() != 0 && !draining) {
      long now = credits.get() + Integer.toUnsignedLong(message.getCredits());
      if (now > MAX_CREDITS) {
        refuse("credits: at most " + MAX_CREDITS + " may be open");
        return;
      }
      credits.addAndGet(message.getCredits());
      dispatcher.wake();
    }
  }

  private boolean greet(WorkerHello greeting) {
    if (greeting.getEnrichersCount() == 0 || greeting.getEnrichersCount() > MAX_ENRICHERS) {
      refuse("hello.enrichers: from 1 to " + MAX_ENRICHERS);
      return false;
    }
    enrichers.set(List.copyOf(greeting.getEnrichersList()));
    hello = true;
    dispatcher.joined(this);
    return true;
  }

  @Override
  public void onError(Throwable unused) {
    leave();
  }

  @Override
  public void onCompleted() {
    gone = true;
    if (draining) {
      dispatcher.stopped(this);
    } else {
      dispatcher.left(this);
    }
  }

  private void refuse(String why) {
    leave();
    dispatcher.refused(this, Status.INVALID_ARGUMENT.withDescription(why));
  }

  private void leave() {
    gone = true;
    dispatcher.left(this);
  }

  List<String> enrichers() {
    return enrichers.get();
  }

  boolean isGone() {
    return gone;
  }

  /** How many requests it can be sent now; the dispatcher's thread. */
  int sendable() {
    return gone || draining || !out.isReady() ? 0 : credits.get();
  }

  /** Sends, and uses up the credits; the dispatcher's thread. */
  void send(DistributorMessage message) {
    if (!gone) {
      credits.addAndGet(-message.getRequestsCount());
      out.onNext(message);
    }
  }

  /** Ends the stream from our side, once; the dispatcher's thread. */
  void end(Status status) {
    if (ended) {
      return;
    }
    ended = true;
    if (!out.isCancelled()) {
      if (status.isOk()) {
        out.onCompleted();
      } else {
        out.onError(status.asRuntimeException());
      }
    }
  }
}
