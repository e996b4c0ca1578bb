package io.bluegreen.embedded;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientExchange;
import io.undertow.connector.ByteBufferPool;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;

/**
 * Passes one request on to an instance of the slot that it was counted for, and to no other slot,
 * and passes its answer back. Undertow's own proxy is not used, because it logs each failure as an
 * error with its stack, and tells the application the port that the client named.
 *
 * <p>An application may close an idle connection in the very moment in which a request is sent on
 * it. A request that may be repeated is then sent once more, on a new connection. Where a new
 * connection breaks, nothing is repeated.
 *
 * <p>All of it runs in the I/O thread of the exchange.
 */
final class Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

  private final HttpServerExchange exchange;
  private final ProxiedRequest request;
  private final RequestGuard client;
  private final URI door;
  private final ByteBufferPool pool;

  Forwarding(HttpServerExchange exchange, ProxiedRequest request, RequestGuard client, URI door) {
    this.exchange = exchange;
    this.client = client;
    this.request = request;
    this.door = door;
    this.pool = exchange.getConnection().getByteBufferPool();
  }

  void begin() {
    client.onBroken(this::brokenByClient);
    Upstream instance = request.instance();
    if (instance == null) {
      answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
      return;
    }
    AppConnection idle = request.reuse(instance);
    if (idle != null) {
      send(idle, true);
    } else {
      dial(instance);
    }
  }

  private void dial(Upstream instance) {
    instance.dial(
        exchange,
        new Upstream.Dialled() {
          @Override
          public void connected(AppConnection connection) {
            if (request.isOver()) {
              connection.close();
            } else {
              request.opened(connection);
              send(connection, false);
            }
          }

          /** Nothing was sent, so that another instance of the same slot may be tried. */
          @Override
          public void failed() {
            Upstream next = request.isOver() ? null : request.next();
            if (next != null) {
              dial(next);
            } else {
              answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
            }
          }
        });
  }

  private void send(AppConnection by, boolean reused) {
    request.sentBy(by, reused);
    boolean waits = HttpContinue.requiresContinueResponse(exchange);
    by.guard().begin(new RequestTraits(request.isHead(), request.isUpgrade(), waits));
    by.connection()
        .sendRequest(
            ForwardedRequest.of(exchange, door, request.isUpgrade(), client.isTrusted()),
            new ClientCallback<>() {
              @Override
              public void completed(ClientExchange sent) {
                awaitAnswer(by, sent, waits);
                passBody(by, sent, waits);
              }

              @Override
              public void failed(IOException e) {
                notAnswered(by, e);
              }
            });
  }

  private void awaitAnswer(AppConnection by, ClientExchange sent, boolean waits) {
    if (waits) {
      client.waitsForContinue(() -> passContinue(by));
      sent.setContinueHandler(app -> passContinue(by));
    }
    sent.setResponseListener(
        new ClientCallback<>() {
          @Override
          public void completed(ClientExchange answered) {
            passAnswer(answered);
          }

          @Override
          public void failed(IOException e) {
            notAnswered(by, e);
          }
        });
  }

  /** Lets the client send its body: the application said so, or said nothing for too long. */
  private void passContinue(AppConnection by) {
    client.mayContinue();
    by.guard().mayContinue();
    if (!request.isOver() && exchange.isResponseChannelAvailable()) {
      HttpContinue.sendContinueResponse(exchange, new ContinueSent());
    }
  }

  private void passBody(AppConnection by, ClientExchange sent, boolean waits) {
    BodyTransfer body =
        new BodyTransfer(exchange, sent, this::brokenByClient, e -> notAnswered(by, e));
    StreamSinkChannel app = sent.getRequestChannel();
    try {
      if (exchange.isRequestComplete()) {
        body.end(app);
      } else if (waits) {
        // The application gives no 100 before it has the whole head.
        body.startAfterFlush(exchange.getRequestChannel(), app, pool);
      } else {
        body.start(exchange.getRequestChannel(), app, pool);
      }
    } catch (IOException e) {
      notAnswered(by, e);
    }
  }

  private void passAnswer(ClientExchange answered) {
    exchange.setStatusCode(answered.getResponse().getResponseCode());
    for (HeaderValues values : answered.getResponse().getResponseHeaders()) {
      exchange.getResponseHeaders().putAll(values.getHeaderName(), values);
    }
    // What the application does with its connection does not concern the client.
    exchange.getResponseHeaders().remove(Headers.CONNECTION);
    if (!exchange.isHttp11()) {
      exchange.getResponseHeaders().remove(Headers.TRANSFER_ENCODING); // it knows no chunks
    }
    if (exchange.isUpgrade()) {
      exchange.upgradeChannel((upgraded, from) -> join(upgraded, answered));
    }
    new BodyTransfer(answered, exchange, this::brokenOff, this::brokenOff)
        .start(answered.getResponseChannel(), exchange.getResponseChannel(), pool);
  }

  private void join(StreamConnection upgraded, ClientExchange answered) {
    try {
      new WebSocketTunnel(upgraded, answered.getConnection().performUpgrade(), pool).open();
    } catch (IOException e) {
      brokenOff(e);
    }
  }

  /** Ends a connection by which no whole answer came; only the first call for it does something. */
  private void notAnswered(AppConnection by, IOException e) {
    LOG.debug("{} was not answered", exchange.getRequestURI(), e);
    if (request.isOver() || !request.isSentBy(by)) {
      return;
    }
    Upstream instance = request.instance();
    boolean again = request.mayRepeat();
    request.lost(by);
    if (again && instance != null) {
      dial(instance);
    } else {
      answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
    }
  }

  /** Refuses a client that is too slow, or whose body can't be read. */
  private void brokenByClient(IOException e) {
    LOG.debug("{} did not come whole", exchange.getRequestURI(), e);
    if (request.isOver() || exchange.isResponseStarted()) {
      brokenOff(e);
      return;
    }
    exchange.setStatusCode(
        e instanceof RequestGuard.TooSlow ? StatusCodes.REQUEST_TIME_OUT : StatusCodes.BAD_REQUEST);
    exchange.setPersistent(false).setResponseContentLength(0);
    StreamSinkChannel answer = exchange.getResponseChannel();
    Connectors.terminateRequest(exchange); // Undertow would read all of it before it answers
    new BodyTransfer(exchange, exchange, this::brokenOff, this::brokenOff).end(answer);
    request.closeConnection();
  }

  /**
   * Closes both connections, so that an answer which has started does not look like a whole one.
   */
  private void brokenOff(IOException e) {
    LOG.debug("{} was not passed on whole", exchange.getRequestURI(), e);
    request.closeConnection();
    IoUtils.safeClose(exchange.getConnection());
  }

  private void answerInstead(int status) {
    if (request.isOver()) {
      return;
    }
    if (exchange.isResponseStarted()) {
      IoUtils.safeClose(exchange.getConnection());
    } else {
      exchange.setStatusCode(status).endExchange();
    }
  }

  /** Follows a 100 to the client: where that can't be sent, its connection is broken anyway. */
  private final class ContinueSent implements IoCallback {
    @Override
    public void onComplete(HttpServerExchange told, Sender sender) {
      // The body comes now.
    }

    @Override
    public void onException(HttpServerExchange told, Sender sender, IOException e) {
      brokenOff(e);
    }
  }
}
