package io.bluegreen.support;

import java.io.IOException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Gives each {@link CallInFlight} the connection that is being opened for it. A connection whose
 * call is cancelled at the moment when it is accepted belongs to no flight: it keeps the short
 * {@link #UNCLAIMED} timeout that every connection has at first, and that ends it. A connection
 * that is cancelled between its first packet and the moment when the reactor notes it is ended by
 * {@link BoundedHttp#LONGEST_CONNECT}.
 */
final class TrackedConnections implements AsyncClientConnectionManager {
  /** How long a connection may live that belongs to no flight. */
  static final Timeout UNCLAIMED = Timeout.ofSeconds(1);

  private final AsyncClientConnectionManager connections;

  TrackedConnections(AsyncClientConnectionManager connections) {
    this.connections = connections;
  }

  @Override
  public Future<AsyncConnectionEndpoint> connect(
      AsyncConnectionEndpoint endpoint,
      ConnectionInitiator initiator,
      @Nullable Timeout timeout,
      @Nullable Object attachment,
      HttpContext context,
      FutureCallback<AsyncConnectionEndpoint> callback) {
    if (!(context.getAttribute(CallInFlight.ATTRIBUTE) instanceof CallInFlight flight)) {
      throw new IllegalStateException("a connection without a flight");
    }
    Future<AsyncConnectionEndpoint> connecting =
        connections.connect(
            endpoint, tracked(initiator, flight), timeout, attachment, context, callback);
    flight.began(connecting);
    return connecting;
  }

  @Override
  public Future<AsyncConnectionEndpoint> lease(
      String id,
      HttpRoute route,
      @Nullable Object state,
      Timeout timeout,
      FutureCallback<AsyncConnectionEndpoint> callback) {
    return connections.lease(id, route, state, timeout, callback);
  }

  @Override
  public void release(
      AsyncConnectionEndpoint endpoint, @Nullable Object state, TimeValue validDuration) {
    connections.release(endpoint, state, validDuration);
  }

  @Override
  public void upgrade(
      AsyncConnectionEndpoint endpoint, @Nullable Object attachment, HttpContext context) {
    connections.upgrade(endpoint, attachment, context);
  }

  @Override
  public void close(CloseMode mode) {
    connections.close(mode);
  }

  @Override
  public void close() throws IOException {
    connections.close();
  }

  private static ConnectionInitiator tracked(ConnectionInitiator initiator, CallInFlight flight) {
    return (endpoint, remote, local, timeout, attachment, callback) ->
        initiator.connect(
            endpoint,
            remote,
            local,
            timeout,
            attachment,
            new CallbackContribution<IOSession>(callback) {
              @Override
              public void completed(IOSession session) {
                session.setSocketTimeout(Timeout.of(BoundedHttp.LONGEST_SILENCE));
                flight.opened(session);
                callback.completed(session);
              }
            });
  }
}
