package io.bluegreen.support;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * One call in flight, and what has to end with it. The client's own cancellation does not reach a
 * connection whose TLS handshake is not over: without this it would stay open until a timeout.
 */
final class Flight implements FutureCallback<HttpAnswer> {
  /** Where the context of an execution has its flight. */
  static final String ATTRIBUTE = "io.bluegreen.flight";

  private final CompletableFuture<HttpAnswer> answer;
  private @Nullable Future<?> execution;
  private @Nullable IOSession connection;
  private boolean settled;
  private boolean over;

  Flight(CompletableFuture<HttpAnswer> answer) {
    this.answer = answer;
  }

  /** The client has accepted the call. */
  void began(Future<?> started) {
    synchronized (this) {
      execution = started;
      if (!over || settled) {
        return;
      }
    }
    started.cancel(true);
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

  /** Nobody waits any more: whatever is still going on is stopped. */
  void end() {
    Future<?> started;
    IOSession session;
    synchronized (this) {
      over = true;
      if (settled) {
        return; // The client closes the connection itself, in its own order.
      }
      started = execution;
      session = connection;
    }
    if (started != null) {
      started.cancel(true);
    }
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
    answer.completeExceptionally(
        cause instanceof IOException ? cause : new IOException(cause.toString(), cause));
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
