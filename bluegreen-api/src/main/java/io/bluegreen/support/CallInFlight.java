package io.bluegreen.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * One call in flight, and what has to end with it. Cancelling the client's own future is not
 * enough: a connection that is not accepted yet (the dependency on it is overwritten where a lease
 * is granted at once) and one whose TLS handshake is not over would stay until a timeout.
 */
final class CallInFlight implements FutureCallback<HttpAnswer> {
  /** Where the context of an execution has its flight. */
  static final String ATTRIBUTE = "io.bluegreen.flight";

  private final CompletableFuture<HttpAnswer> answer;
  private final NoAnswer noAnswer;
  private final List<Future<?>> steps = new ArrayList<>();
  private @Nullable IOSession connection;
  private boolean settled;
  private boolean over;

  CallInFlight(CompletableFuture<HttpAnswer> answer, NoAnswer noAnswer) {
    this.answer = answer;
    this.noAnswer = noAnswer;
  }

  /** Notes a step of the call that the client has started; cancelling it frees what it holds. */
  void began(Future<?> step) {
    synchronized (this) {
      if (!over) {
        steps.add(step);
        return;
      }
    }
    step.cancel(true);
  }

  /** Notes the connection that was opened for the call. */
  void opened(IOSession session) {
    synchronized (this) {
      connection = session;
      if (!over) {
        return;
      }
    }
    session.close(CloseMode.IMMEDIATE);
  }

  /** Takes an answer although the server has more to send. */
  void answered(HttpAnswer early) {
    answer.complete(early);
  }

  /** Fails the call, and stops what is still going on. */
  void abort(String reason) {
    answer.completeExceptionally(new IOException(reason));
  }

  /** Stops what is still going on, because nobody waits any more. */
  void end() {
    IOSession session;
    synchronized (this) {
      over = true;
      if (settled) {
        return; // The client closes the connection itself, in its own order.
      }
      session = connection;
    }
    steps.forEach(step -> step.cancel(true)); // No step is added once it is over.
    if (session != null) {
      session.close(CloseMode.IMMEDIATE);
    }
  }

  @Override
  public void completed(HttpAnswer result) {
    settle();
    answer.complete(result);
  }

  @Override
  public void failed(Exception cause) {
    settle();
    answer.completeExceptionally(noAnswer.because(cause));
  }

  @Override
  public void cancelled() {
    settle();
    answer.completeExceptionally(new IOException("cancelled"));
  }

  private synchronized void settle() {
    // Once it is over, the client only reports what end() has done.
    settled = !over;
  }
}
