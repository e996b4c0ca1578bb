package io.bluegreen.embedded;

import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Text;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** One instance of a slot, and how to open a connection to it. */
final class Upstream {
  /** How long an instance may take to accept a connection. */
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
  private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true);
  private static final int LONGEST_REASON = 200;

  private final URI endpoint;
  private final ConcurrentMap<XnioIoThread, GuardingThread> guarding = new ConcurrentHashMap<>();

  Upstream(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Is called once, in the thread of the exchange: with a connection, or because there is none. */
  interface Dialled {
    void connected(AppConnection connection);

    void failed();
  }

  void dial(HttpServerExchange exchange, Dialled dialled) {
    XnioIoThread thread = exchange.getIoThread();
    GuardingThread opener =
        guarding.computeIfAbsent(
            thread,
            real ->
                new GuardingThread(
                    real, exchange.getConnection().getByteBufferPool(), this::refused));
    Once once = new Once(opener, dialled);
    try {
      once.limit =
          thread.executeAfter(
              () -> once.failed(new ConnectException("no connection within " + CONNECT_LIMIT)),
              CONNECT_LIMIT.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      dialled.failed(); // the router is closing
      return;
    }
    URI literal;
    try {
      literal =
          URI.create("http://" + LiteralAddress.of(endpoint).inUrl() + ":" + endpoint.getPort());
    } catch (IOException e) {
      once.failed(e);
      return;
    }
    UndertowClient.getInstance()
        .connect(
            once,
            null,
            literal,
            opener,
            null,
            exchange.getConnection().getByteBufferPool(),
            OPTIONS);
  }

  private void refused(String reason) {
    LOG.warn(
        "{} answered what can't be passed on, so that its user got 502: {}",
        endpoint,
        Text.clean(reason, LONGEST_REASON));
  }

  /** Passes on the first result only; a connection that comes after the limit is closed. */
  private static final class Once implements ClientCallback<ClientConnection> {
    private final GuardingThread opener;
    private final Dialled dialled;
    private XnioExecutor.@Nullable Key limit;
    private boolean over;

    private Once(GuardingThread opener, Dialled dialled) {
      this.opener = opener;
      this.dialled = dialled;
    }

    @Override
    public void completed(ClientConnection connection) {
      if (end()) {
        dialled.connected(new AppConnection(connection, opener.newest()));
      } else {
        IoUtils.safeClose(connection);
      }
    }

    @Override
    public void failed(IOException e) {
      if (end()) {
        dialled.failed();
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
