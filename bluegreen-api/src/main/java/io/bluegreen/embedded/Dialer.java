package io.bluegreen.embedded;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * Gives each request a connection to an instance of the slot that it was counted for, and to no
 * other.
 *
 * <p>An application may close an idle connection in the very moment in which a request is sent on
 * it. A request that may be repeated is then sent once more, on a new connection; one that may not
 * is never sent on a connection that has been idle for longer than no server closes one. A new
 * connection that breaks is an answer: nothing is repeated.
 */
final class Dialer implements ProxyClient {
  /** Servers keep an idle connection for seconds. */
  static final Duration HARDLY_IDLE = Duration.ofMillis(50);

  @Override
  public @Nullable ProxyTarget findTarget(HttpServerExchange exchange) {
    return exchange.getAttachment(Ticket.KEY);
  }

  @Override
  public void getConnection(
      ProxyTarget target,
      HttpServerExchange exchange,
      ProxyCallback<ProxyConnection> callback,
      long timeout,
      TimeUnit unit) {
    Ticket ticket = (Ticket) target;
    if (ticket.isOver()) {
      return;
    }
    InstanceConnections instance = ticket.instance();
    if (instance == null || (ticket.wasSent() && !ticket.mayRepeat())) {
      callback.couldNotResolveBackend(exchange);
      return;
    }
    ClientConnection idle = ticket.wasSent() ? null : reuse(ticket, instance, exchange);
    if (idle != null) {
      send(ticket, exchange, idle, true, callback);
    } else {
      dial(ticket, instance, exchange, callback);
    }
  }

  private static @Nullable ClientConnection reuse(
      Ticket ticket, InstanceConnections instance, HttpServerExchange exchange) {
    return instance.reuse(
        exchange.getIoThread(), ticket.repeatable() ? InstanceConnections.KEPT : HARDLY_IDLE);
  }

  private static void dial(
      Ticket ticket,
      InstanceConnections instance,
      HttpServerExchange exchange,
      ProxyCallback<ProxyConnection> callback) {
    instance.dial(
        exchange,
        new ClientCallback<>() {
          @Override
          public void completed(ClientConnection connection) {
            if (ticket.isOver()) {
              IoUtils.safeClose(connection);
            } else {
              send(ticket, exchange, connection, false, callback);
            }
          }

          /** Nothing was sent, so that another instance of the same slot may be tried. */
          @Override
          public void failed(IOException e) {
            InstanceConnections next = ticket.isOver() ? null : ticket.next();
            if (next != null) {
              dial(ticket, next, exchange, callback);
            } else if (!ticket.isOver()) {
              callback.couldNotResolveBackend(exchange);
            }
          }
        });
  }

  private static void send(
      Ticket ticket,
      HttpServerExchange exchange,
      ClientConnection connection,
      boolean reused,
      ProxyCallback<ProxyConnection> callback) {
    ticket.sentBy(connection, reused);
    callback.completed(exchange, new ProxyConnection(connection, "/"));
  }
}
