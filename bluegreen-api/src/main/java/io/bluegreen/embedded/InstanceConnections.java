package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * The connections to one instance: dials them, and keeps those that are unused for a short while.
 * Undertow's own pool can't be told how long a connection may have been idle for which request, nor
 * does it say whether a connection was used before, and both decide here what may be repeated.
 *
 * <p>Each I/O thread has its own, and all methods are called by one.
 */
final class InstanceConnections {
  /** Shorter than the keep-alive of common servers, the shortest of which is 5 s. */
  static final Duration KEPT = Duration.ofSeconds(4);

  /** How long an instance may take to accept a connection. */
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true);

  private final URI endpoint;
  private final TimeSource time;
  private final ConcurrentMap<XnioIoThread, Unused> unused = new ConcurrentHashMap<>();

  InstanceConnections(URI endpoint, TimeSource time) {
    this.endpoint = endpoint;
    this.time = time;
  }

  /** Returns a connection that was idle for at most so long, or null. */
  @Nullable ClientConnection reuse(XnioIoThread thread, Duration idleAtMost) {
    Deque<Idle> own = own(thread).newestFirst;
    for (Idle newest = own.peekFirst(); newest != null; newest = own.peekFirst()) {
      if (newest.connection.isOpen()) {
        boolean fit = age(newest).compareTo(idleAtMost) <= 0;
        return fit ? own.removeFirst().connection : null;
      }
      own.removeFirst();
    }
    return null;
  }

  /** Keeps a connection on which the last answer has ended. */
  void keep(ClientConnection connection) {
    XnioIoThread thread = connection.getIoThread();
    if (Thread.currentThread() != thread) {
      IoUtils.safeClose(connection);
      return;
    }
    Unused own = own(thread);
    own.newestFirst.addFirst(new Idle(connection, time.elapsed()));
    if (!own.watched) {
      forgetLater(thread, own);
    }
  }

  /** Opens a new connection; the callback is called once, also if nobody answers. */
  void dial(HttpServerExchange exchange, ClientCallback<ClientConnection> callback) {
    XnioIoThread thread = exchange.getIoThread();
    Once once = new Once(callback);
    try {
      once.limit =
          thread.executeAfter(
              () -> once.failed(new ConnectException("no connection within " + CONNECT_LIMIT)),
              CONNECT_LIMIT.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      callback.failed(new IOException("the router is closing", e));
      return;
    }
    UndertowClient.getInstance()
        .connect(
            once,
            null,
            endpoint,
            thread,
            null,
            exchange.getConnection().getByteBufferPool(),
            OPTIONS);
  }

  /**
   * One timer for all of a thread's connections: a timer for each would cost more than it saves.
   */
  private void forgetLater(XnioIoThread thread, Unused own) {
    try {
      thread.executeAfter(() -> forget(thread, own), KEPT.toMillis(), TimeUnit.MILLISECONDS);
      own.watched = true;
    } catch (RejectedExecutionException e) {
      own.newestFirst.forEach(idle -> IoUtils.safeClose(idle.connection)); // the router is closing
    }
  }

  private void forget(XnioIoThread thread, Unused own) {
    own.watched = false;
    own.newestFirst.removeIf(
        idle -> {
          boolean old = !idle.connection.isOpen() || age(idle).compareTo(KEPT) >= 0;
          if (old) {
            IoUtils.safeClose(idle.connection);
          }
          return old;
        });
    if (!own.newestFirst.isEmpty()) {
      forgetLater(thread, own);
    }
  }

  private Unused own(XnioIoThread thread) {
    return unused.computeIfAbsent(thread, t -> new Unused());
  }

  private Duration age(Idle connection) {
    return time.elapsed().minus(connection.since);
  }

  /** Of one thread. */
  private static final class Unused {
    private final Deque<Idle> newestFirst = new ArrayDeque<>();
    private boolean watched;
  }

  private record Idle(ClientConnection connection, Duration since) {}

  /** What comes after the limit is closed. */
  private static final class Once implements ClientCallback<ClientConnection> {
    private final ClientCallback<ClientConnection> callback;
    private XnioExecutor.@Nullable Key limit;
    private boolean over;

    private Once(ClientCallback<ClientConnection> callback) {
      this.callback = callback;
    }

    @Override
    public void completed(ClientConnection connection) {
      if (end()) {
        callback.completed(connection);
      } else {
        IoUtils.safeClose(connection);
      }
    }

    @Override
    public void failed(IOException e) {
      if (end()) {
        callback.failed(e);
      }
    }

    private boolean end() {
      boolean first = !over;
      over = true;
      if (limit != null) {
        limit.remove();
      }
      return first;
    }
  }
}
