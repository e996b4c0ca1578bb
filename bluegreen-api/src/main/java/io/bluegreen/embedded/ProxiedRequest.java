package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * One request that a slot is answering, or the WebSocket that it became. It counts as in flight
 * from its creation to its end. Only the I/O thread of its exchange uses it.
 */
final class ProxiedRequest implements ExchangeCompletionListener, ResponseCommitListener {
  /** The status for a request whose client went away before the answer, as nginx logs it. */
  static final int GONE = 499;

  /**
   * A request that must not arrive twice goes on a connection that was idle for no longer than
   * this: servers keep an idle connection for seconds.
   */
  static final Duration HARDLY_IDLE = Duration.ofMillis(50);

  private final SlotTraffic slot;
  private final HttpServerExchange exchange;
  private final TimeSource time;
  private final EmbeddedMeter meter;
  private final boolean counted;
  private final Duration began;
  private final boolean repeatable;
  private final boolean upgrade;
  private final KeptConnections kept;
  private final Iterator<Upstream> untried;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable Upstream instance;
  private @Nullable AppConnection connection;
  private @Nullable Duration answeredAfter;
  private boolean reused;
  private boolean clean;

  /**
   * Starts; the slot has already counted it as in flight.
   *
   * @param counted whether the split has sent it, so that the meter counts it
   */
  ProxiedRequest(
      SlotTraffic slot,
      HttpServerExchange exchange,
      TimeSource time,
      EmbeddedMeter meter,
      boolean counted) {
    this.slot = slot;
    this.exchange = exchange;
    this.time = time;
    this.meter = meter;
    this.counted = counted;
    this.began = time.elapsed();
    this.upgrade = exchange.getRequestHeaders().contains(Headers.UPGRADE);
    this.repeatable =
        exchange.isRequestComplete()
            && List.of(Methods.GET, Methods.HEAD, Methods.OPTIONS)
                .contains(exchange.getRequestMethod())
            && !upgrade;
    this.kept = KeptConnections.of(exchange.getConnection(), time);
    this.untried = slot.nextTurn().iterator();
    slot.add(this);
    kept.begin();
    exchange.addExchangeCompleteListener(this);
    exchange.addResponseCommitListener(this);
  }

  boolean isHead() {
    return exchange.getRequestMethod().equals(Methods.HEAD);
  }

  /** Returns whether the application is asked for another protocol; the guard has allowed it. */
  boolean isUpgrade() {
    return upgrade;
  }

  boolean isOver() {
    return over.get();
  }

  /**
   * Returns whether it may be sent again: it seems to be lost with a connection that was used
   * before, and to the application it makes no difference whether it arrives once or twice.
   */
  boolean mayRepeat() {
    return repeatable
        && reused
        && answeredAfter == null
        && connection != null
        && !connection.guard().hasHeard();
  }

  /** Returns the instance that it was sent to, else the next one to try, else null. */
  @Nullable Upstream instance() {
    return instance != null ? instance : next();
  }

  @Nullable Upstream next() {
    instance = untried.hasNext() ? untried.next() : null;
    return instance;
  }

  /** Takes the connection that is kept for its client and may be used for it; else null. */
  @Nullable AppConnection reuse(Upstream of) {
    return kept.take(of, repeatable ? KeptConnections.LIMIT : HARDLY_IDLE);
  }

  /** Is called when a connection was opened for it. */
  void opened(AppConnection by) {
    if (instance != null) {
      kept.opened(instance, by);
    }
  }

  void sentBy(AppConnection by, boolean reusedOne) {
    connection = by;
    reused = reusedOne;
  }

  boolean isSentBy(AppConnection by) {
    return by.equals(connection);
  }

  /** Is called when nothing more will come by this connection. */
  void lost(AppConnection by) {
    connection = null;
    by.close();
  }

  @Override
  public void beforeCommit(HttpServerExchange committed) {
    answeredAfter = time.elapsed().minus(began);
    clean =
        exchange.isRequestComplete()
            && (!upgrade || exchange.isUpgrade())
            && (connection == null || !connection.guard().isInDoubt());
    if (!clean) {
      // What the client still sends must not be read as its next request.
      exchange.setPersistent(false).getResponseHeaders().put(Headers.CONNECTION, "close");
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
    boolean doomed = kept.end();
    if (upgraded && exchange.getConnection().isOpen()) {
      endWithConnection();
    } else {
      if (!releaseConnection() || doomed) {
        exchange.setPersistent(false);
      }
      end();
    }
    nextListener.proceed();
  }

  /** Breaks it off on both sides, in its own thread. */
  CompletableFuture<Void> cut() {
    return CompletableFuture.runAsync(
        () -> {
          IoUtils.safeClose(exchange.getConnection());
          closeConnection();
          end();
        },
        exchange.getIoThread());
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
              closeConnection();
              end();
            });
    if (exchange.getConnection() instanceof HttpServerConnection http) {
      http.getChannel()
          .getSinkChannel()
          .setCloseListener(sink -> IoUtils.safeClose(exchange.getConnection()));
    }
  }

  /**
   * Keeps the application's connection if both messages have passed whole: the request when the
   * answer started, and the answer if its client is still there. Else something may be left on the
   * connection that the next request would take for its answer.
   *
   * @return whether the client's connection may go on
   */
  private boolean releaseConnection() {
    AppConnection by = connection;
    if (by == null || instance == null) {
      return true;
    }
    if (clean && exchange.getConnection().isOpen() && by.isFree()) {
      kept.keep(instance, by);
      return true;
    }
    by.close();
    return !by.guard().isInDoubt();
  }

  void closeConnection() {
    if (connection != null) {
      connection.close();
    }
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      slot.end(this);
    }
  }
}
