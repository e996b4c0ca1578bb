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
 * One call in flight, and what has to end with it. The client's own cancellation reaches neither a
 * connection that is not accepted yet (the dependency on it is overwritten where a lease is granted
 * at once) nor one whose TLS handshake is not over: both would stay until a timeout.
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

  /** The client has begun a step of the call; cancelling it unwinds what it holds. */
  void began(Future<?> step) {
    synchronized (this) {
      if (!over) {
        steps.add(step);
        return;
      }
    }
    step.cancel(true);
  }

  /** A connection was opened for the call. */
  void opened(IOSession session) {
    synchronized (this) {
      connection = session;
      if (!over) {
        return;
      }
    }
    session.close(CloseMode.IMMEDIATE);
  }

  /** There is an answer, although the server has not come to its end. */
  void answered(HttpAnswer early) {
    answer.complete(early);
  }

  /** There will be no answer, and whatever is still going on is stopped. */
  void abort(String reason) {
    answer.completeExceptionally(new IOException(reason));
  }

  /** Nobody waits any more: whatever is still going on is stopped. */
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
    // Once over it is ended by hand, and what the client then reports is only the echo.
    settled = !over;
  }
}
