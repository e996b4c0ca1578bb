package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.TrustedProxies;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * One open front door: it gives each connection a {@link RequestGuard} before Undertow reads it.
 */
final class OpenFrontDoor implements AutoCloseable {
  /** How long a client's connection may be idle; nginx has the same default. */
  static final Duration IDLE_LIMIT = Duration.ofSeconds(75);

  /** How many connections may wait to be accepted. */
  static final int BACKLOG = 1_000;

  /** {@code 0.0.0.0} as an IPv6 socket says it. */
  private static final byte[] ANY_IPV4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0};

  private static final int BUFFER = 16 * 1024;
  private static final int BUFFERS_OF_A_THREAD = 4;

  private final ByteBufferPool buffers =
      new DefaultByteBufferPool(true, BUFFER, -1, BUFFERS_OF_A_THREAD);
  private final Map<XnioIoThread, HttpOpenListener> undertow = new ConcurrentHashMap<>();
  private final Handler handler;
  private final TimeSource time;
  private final TrustedProxies trusted;
  private final AcceptingChannel<? extends StreamConnection> listening;

  /** Starts to listen. */
  OpenFrontDoor(XnioWorker worker, URI at, Handler handler, EmbeddedSettings settings)
      throws IOException {
    this.handler = handler;
    this.time = settings.time();
    this.trusted = settings.trusted();
    this.listening = listen(worker, at, ChannelListeners.openListenerAdapter(this::accepted));
    listening.resumeAccepts();
  }

  /** Takes a request, in the I/O thread of its connection. */
  interface Handler {
    void handle(HttpServerExchange exchange, RequestGuard client);
  }

  @Override
  public void close() {
    IoUtils.safeClose(listening);
  }

  private void accepted(StreamConnection connection) {
    XnioIoThread own = connection.getIoThread();
    if (Thread.currentThread() == own) {
      begin(connection);
    } else {
      own.execute(() -> begin(connection));
    }
  }

  /** Undertow keeps the handler with the connection, so that each connection has its own guard. */
  private void begin(StreamConnection connection) {
    RequestGuard guard =
        new RequestGuard(
            connection.getSourceChannel().getConduit(), buffers, time, isTrusted(connection));
    connection.getSourceChannel().setConduit(guard);
    HttpOpenListener own =
        undertow.computeIfAbsent(
            connection.getIoThread(), thread -> new HttpOpenListener(buffers, options()));
    own.setRootHandler(exchange -> handler.handle(exchange, guard));
    own.handleEvent(connection);
  }

  /** Judges by the address of the socket; what a header says of the client proves nothing. */
  private boolean isTrusted(StreamConnection connection) {
    return connection.getPeerAddress() instanceof InetSocketAddress peer
        && trusted.contains(peer.getAddress());
  }

  /**
   * Listens. Java takes 0.0.0.0 for all addresses, also those of IPv6. Written as an IPv6 address
   * that stands for an IPv4 one it means IPv4 only. A machine without IPv6 refuses that form, and
   * does not need it.
   */
  private static AcceptingChannel<? extends StreamConnection> listen(
      XnioWorker worker, URI at, ChannelListener<AcceptingChannel<StreamConnection>> accepted)
      throws IOException {
    InetAddress address = LiteralAddress.of(at).address();
    if (address instanceof Inet4Address && address.isAnyLocalAddress()) {
      try {
        return listen(worker, new InetSocketAddress(anyIpv4(), at.getPort()), accepted);
      } catch (UnsupportedAddressTypeException e) {
        return listen(worker, new InetSocketAddress(address, at.getPort()), accepted);
      }
    }
    return listen(worker, new InetSocketAddress(address, at.getPort()), accepted);
  }

  private static AcceptingChannel<? extends StreamConnection> listen(
      XnioWorker worker,
      InetSocketAddress at,
      ChannelListener<AcceptingChannel<StreamConnection>> accepted)
      throws IOException {
    return worker.createStreamConnectionServer(
        at,
        accepted,
        OptionMap.builder()
            .set(Options.WORKER_IO_THREADS, worker.getIoThreadCount())
            .set(Options.TCP_NODELAY, true)
            .set(Options.REUSE_ADDRESSES, true)
            .set(Options.BALANCING_TOKENS, 1)
            .set(Options.BALANCING_CONNECTIONS, 2)
            .set(Options.BACKLOG, BACKLOG)
            .getMap());
  }

  private static InetAddress anyIpv4() throws UnknownHostException {
    return Inet6Address.getByAddress(null, ANY_IPV4, -1);
  }

  private static OptionMap options() {
    return OptionMap.builder()
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
        .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
        // The target is passed on as it came: nothing here looks at it.
        .set(UndertowOptions.DECODE_URL, false)
        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
        // The guard has the limits; what passed it must not be refused behind it.
        .set(UndertowOptions.MAX_PARAMETERS, 2 * RequestHead.MOST_PARAMETERS)
        .set(UndertowOptions.MAX_HEADERS, 2 * MessageHead.MOST_FIELDS)
        .set(UndertowOptions.MAX_HEADER_SIZE, 4 * MessageHead.LONGEST)
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, (int) IDLE_LIMIT.toMillis())
        .getMap();
  }
}
