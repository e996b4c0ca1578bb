package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.undertow.client.ClientConnection;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * One request that a slot is answering, or the WebSocket that became of it: counted from its
 * creation until its end. Used by the I/O thread of its exchange only.
 */
final class Ticket
    implements ProxyClient.ProxyTarget, ExchangeCompletionListener, ResponseCommitListener {
  static final AttachmentKey<Ticket> KEY = AttachmentKey.create(Ticket.class);

  /** How a request is counted whose client went away before the answer; nginx logs it alike. */
  static final int GONE = 499;

  private final SlotTraffic slot;
  private final HttpServerExchange exchange;
  private final TimeSource time;
  private final Meter meter;
  private final boolean counted;
  private final Duration began;
  private final boolean repeatable;
  private final Iterator<InstanceConnections> untried;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable InstanceConnections instance;
  private @Nullable ClientConnection connection;
  private @Nullable Duration answeredAfter;
  private boolean reused;
  private boolean sentWhole;

  /**
   * Begins; the slot knows already that it is in flight.
   *
   * @param counted whether it is one of those that the split has sent, which the meter tells of
   */
  Ticket(
      SlotTraffic slot,
      HttpServerExchange exchange,
      TimeSource time,
      Meter meter,
      boolean counted) {
    this.slot = slot;
    this.exchange = exchange;
    this.time = time;
    this.meter = meter;
    this.counted = counted;
    this.began = time.elapsed();
    this.repeatable =
        exchange.isRequestComplete()
            && Set.of(Methods.GET, Methods.HEAD, Methods.OPTIONS)
                .contains(exchange.getRequestMethod())
            && !Hygiene.isUpgrade(exchange.getRequestHeaders());
    this.untried = slot.nextTurn().iterator();
    slot.add(this);
    exchange.putAttachment(KEY, this);
    exchange.addExchangeCompleteListener(this);
    exchange.addResponseCommitListener(this);
  }

  /** Returns whether the application can't tell one arrival of this request from two. */
  boolean repeatable() {
    return repeatable;
  }

  boolean isOver() {
    return over.get();
  }

  boolean wasSent() {
    return connection != null;
  }

  /** Returns whether it may be sent again: it was lost, it seems, with a connection of old. */
  boolean mayRepeat() {
    return repeatable && reused && answeredAfter == null;
  }

  /** Returns the instance that it was sent to, else the next one to try, else null. */
  @Nullable InstanceConnections instance() {
    return instance != null ? instance : next();
  }

  @Nullable InstanceConnections next() {
    instance = untried.hasNext() ? untried.next() : null;
    return instance;
  }

  void sentBy(ClientConnection by, boolean reusedOne) {
    connection = by;
    reused = reusedOne;
  }

  @Override
  public void beforeCommit(HttpServerExchange committed) {
    answeredAfter = time.elapsed().minus(began);
    sentWhole = exchange.isRequestComplete();
    Hygiene.cleanResponse(exchange);
    if (Hygiene.announcesBodyThatNeverComes(exchange)) {
      endWithoutBody();
    }
  }

  @Override
  public void exchangeEvent(HttpServerExchange ended, NextListener nextListener) {
    boolean upgraded = answeredAfter != null && exchange.isUpgrade();
    if (counted) {
      meter.count(
          slot.counter(),
          answeredAfter == null ? GONE : exchange.getStatusCode(),
          answeredAfter == null ? time.elapsed().minus(began) : answeredAfter);
    }
    if (upgraded && exchange.getConnection().isOpen()) {
      endWithConnection();
    } else {
      releaseConnection();
      end();
    }
    nextListener.proceed();
  }

  /** Breaks it off on both sides, in its own thread. */
  CompletableFuture<Void> cut() {
    return CompletableFuture.runAsync(
        () -> {
          IoUtils.safeClose(exchange.getConnection());
          IoUtils.safeClose(connection);
          end();
        },
        exchange.getIoThread());
  }

  /**
   * Undertow's client waits for as many bytes as a 304 announces, which no application sends. The
   * connection to it is given up, and with it Undertow closes the client's, which is told so.
   */
  private void endWithoutBody() {
    sentWhole = false;
    exchange.setPersistent(false).getResponseHeaders().put(Headers.CONNECTION, "close");
    exchange.getIoThread().execute(exchange::endExchange);
  }

  /**
   * A WebSocket ends when its client's connection does, and that is closed as soon as the
   * application has ended its side and everything from there was passed on.
   */
  private void endWithConnection() {
    exchange
        .getConnection()
        .addCloseListener(
            closed -> {
              IoUtils.safeClose(connection);
              end();
            });
    if (exchange.getConnection() instanceof HttpServerConnection http) {
      http.getChannel()
          .getSinkChannel()
          .setCloseListener(sink -> IoUtils.safeClose(exchange.getConnection()));
    }
  }

  /**
   * The answer has passed whole if its client is still there; the request has, if it had when the
   * answer began. Only then is nothing left on the connection that the next one could mistake.
   */
  private void releaseConnection() {
    if (connection == null || instance == null) {
      return;
    }
    if (sentWhole && connection.isOpen() && exchange.getConnection().isOpen()) {
      instance.keep(connection);
    } else {
      IoUtils.safeClose(connection);
    }
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      slot.end(this);
    }
  }
}
