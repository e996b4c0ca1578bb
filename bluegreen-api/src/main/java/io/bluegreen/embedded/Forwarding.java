package io.bluegreen.embedded;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientExchange;
import io.undertow.connector.ByteBufferPool;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.Attachable;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.undertow.util.Transfer;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelExceptionHandler;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;

/**
 * Passes one request on to an instance of the slot that it was counted for, and to no other, and
 * its answer back. Undertow's own proxy would log each failure as an error with its stack, and tell
 * the application the port that the client named.
 *
 * <p>An application may close an idle connection in the very moment in which a request is sent on
 * it. A request that may be repeated is then sent once more, on a new connection. A new connection
 * that breaks is an answer: nothing is repeated.
 *
 * <p>All of it runs in the I/O thread of the exchange.
 */
final class Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

  private final HttpServerExchange exchange;
  private final ProxiedRequest ticket;
  private final RequestGuard client;
  private final URI door;
  private final ByteBufferPool pool;

  Forwarding(HttpServerExchange exchange, ProxiedRequest ticket, RequestGuard client, URI door) {
    this.exchange = exchange;
    this.client = client;
    this.ticket = ticket;
    this.door = door;
    this.pool = exchange.getConnection().getByteBufferPool();
  }

  void begin() {
    client.onBroken(this::brokenByClient);
    Upstream instance = ticket.instance();
    if (instance == null) {
      answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
      return;
    }
    AppConnection idle = ticket.reuse(instance);
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
            if (ticket.isOver()) {
              connection.close();
            } else {
              ticket.opened(connection);
              send(connection, false);
            }
          }

          /** Nothing was sent, so that another instance of the same slot may be tried. */
          @Override
          public void failed() {
            Upstream next = ticket.isOver() ? null : ticket.next();
            if (next != null) {
              dial(next);
            } else {
              answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
            }
          }
        });
  }

  private void send(AppConnection by, boolean reused) {
    ticket.sentBy(by, reused);
    boolean waits = HttpContinue.requiresContinueResponse(exchange);
    by.guard().begin(new RequestTraits(ticket.isHead(), ticket.isUpgrade(), waits));
    by.connection()
        .sendRequest(
            ForwardedRequest.of(exchange, door, ticket.isUpgrade()),
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
      sent.setContinueHandler(app -> HttpContinue.sendContinueResponse(exchange, new Told()));
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

  private void passBody(AppConnection by, ClientExchange sent, boolean waits) {
    StreamSinkChannel app = sent.getRequestChannel();
    Failure broken = e -> notAnswered(by, e);
    try {
      if (exchange.isRequestComplete()) {
        finish(app, exchange, sent, broken);
      } else if (waits && !app.flush()) {
        // The head has to be gone before anybody can wait for its 100.
        app.getWriteSetter()
            .set(
                ChannelListeners.flushingChannelListener(
                    sink -> transferBody(sent, broken), handler(broken)));
        app.resumeWrites();
      } else {
        transferBody(sent, broken);
      }
    } catch (IOException e) {
      notAnswered(by, e);
    }
  }

  private void transferBody(ClientExchange sent, Failure broken) {
    Transfer.initiateTransfer(
        exchange.getRequestChannel(),
        sent.getRequestChannel(),
        ChannelListeners.closingChannelListener(),
        sink -> finish(sink, exchange, sent, broken),
        handler(this::brokenByClient),
        handler(broken),
        pool);
  }

  private void passAnswer(ClientExchange answered) {
    exchange.setStatusCode(answered.getResponse().getResponseCode());
    for (HeaderValues values : answered.getResponse().getResponseHeaders()) {
      exchange.getResponseHeaders().putAll(values.getHeaderName(), values);
    }
    // What the application does with its connection is no matter of the client's.
    exchange.getResponseHeaders().remove(Headers.CONNECTION);
    if (exchange.isUpgrade()) {
      exchange.upgradeChannel((client, upgraded) -> join(client, answered));
    }
    Transfer.initiateTransfer(
        answered.getResponseChannel(),
        exchange.getResponseChannel(),
        ChannelListeners.closingChannelListener(),
        sink -> finish(sink, answered, exchange, this::brokenOff),
        handler(this::brokenOff),
        handler(this::brokenOff),
        pool);
  }

  /** Both ends of a WebSocket; each side's end is passed on to the other. */
  private void join(StreamConnection client, ClientExchange answered) {
    try {
      StreamConnection app = answered.getConnection().performUpgrade();
      join(app, client);
      join(client, app);
    } catch (IOException e) {
      brokenOff(e);
    }
  }

  private void join(StreamConnection from, StreamConnection to) {
    ChannelExceptionHandler<Channel> broken =
        (channel, e) -> {
          IoUtils.safeClose(from);
          IoUtils.safeClose(to);
        };
    Transfer.initiateTransfer(
        from.getSourceChannel(),
        to.getSinkChannel(),
        ChannelListeners.closingChannelListener(),
        ChannelListeners.writeShutdownChannelListener(
            ChannelListeners.<StreamSinkChannel>flushingChannelListener(
                ChannelListeners.closingChannelListener(),
                ChannelListeners.closingChannelExceptionHandler()),
            ChannelListeners.closingChannelExceptionHandler()),
        broken,
        broken,
        pool);
  }

  /** Ends a body, with the fields that came behind it. */
  private static void finish(
      StreamSinkChannel sink, Attachable from, Attachable to, Failure broken) {
    HeaderMap trailers = from.getAttachment(HttpAttachments.REQUEST_TRAILERS);
    if (trailers != null) {
      to.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
    }
    try {
      sink.shutdownWrites();
      if (sink.flush()) {
        sink.getWriteSetter().set(null);
        return;
      }
      sink.getWriteSetter()
          .set(
              ChannelListeners.flushingChannelListener(
                  flushed -> {
                    flushed.suspendWrites();
                    flushed.getWriteSetter().set(null);
                  },
                  ChannelListeners.closingChannelExceptionHandler()));
      sink.resumeWrites();
    } catch (IOException e) {
      broken.because(e);
    }
  }

  /** The application did not answer, or only in part; it is told of each connection once. */
  private void notAnswered(AppConnection by, IOException e) {
    LOG.debug("{} was not answered", exchange.getRequestURI(), e);
    if (ticket.isOver() || !ticket.isSentBy(by)) {
      return;
    }
    Upstream instance = ticket.instance();
    boolean again = ticket.mayRepeat();
    ticket.lost(by);
    if (again && instance != null) {
      dial(instance);
    } else {
      answerInstead(StatusCodes.SERVICE_UNAVAILABLE);
    }
  }

  /** A client that is too slow, or whose body can't be read, has nothing to wait for. */
  private void brokenByClient(IOException e) {
    LOG.debug("{} did not come whole", exchange.getRequestURI(), e);
    if (ticket.isOver() || exchange.isResponseStarted()) {
      brokenOff(e);
      return;
    }
    exchange.setStatusCode(
        e instanceof RequestGuard.TooSlow ? StatusCodes.REQUEST_TIME_OUT : StatusCodes.BAD_REQUEST);
    exchange.setPersistent(false).setResponseContentLength(0);
    StreamSinkChannel answer = exchange.getResponseChannel();
    Connectors.terminateRequest(exchange); // Undertow would read all of it before it answers
    finish(answer, exchange, exchange, this::brokenOff);
    ticket.closeConnection();
  }

  /** One that has begun must not look like a whole one. */
  private void brokenOff(IOException e) {
    LOG.debug("{} was not passed on whole", exchange.getRequestURI(), e);
    ticket.closeConnection();
    IoUtils.safeClose(exchange.getConnection());
  }

  private void answerInstead(int status) {
    if (ticket.isOver()) {
      return;
    }
    if (exchange.isResponseStarted()) {
      IoUtils.safeClose(exchange.getConnection());
    } else {
      exchange.setStatusCode(status).endExchange();
    }
  }

  private interface Failure {
    void because(IOException e);
  }

  private static ChannelExceptionHandler<Channel> handler(Failure failure) {
    return (channel, e) -> failure.because(e);
  }

  /** Of a 100 to the client: if it can't be told, its connection is broken anyway. */
  private final class Told implements IoCallback {
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
