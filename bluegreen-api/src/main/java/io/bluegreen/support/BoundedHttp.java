package io.bluegreen.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client that asks many servers at once and does nothing that it was not told: exactly
 * one request for each call, no retry, no redirect followed, no cookie kept, no compression asked
 * for or undone, no proxy of the environment used. Safe for use by several threads.
 *
 * <p><b>What comes back is bounded</b>, so that one server takes neither the heap nor the threads
 * from the others: {@link #BODY_KEPT} of a body, 200 headers of 16 KiB a line, and 512 KiB in all,
 * with informational answers (1xx) and the frames of chunks. A server that sends more ends its own
 * call.
 *
 * <p><b>One connection for each call.</b> It is opened for the call and ends with it, because only
 * a fresh connection proves that the process that listens now answers: a kept one may lead to a
 * process that has stopped listening and is draining.
 *
 * <p><b>Deadlines are the caller's.</b> Cancelling the future, or completing it in any other way,
 * aborts the call at once, in whatever state it is (waiting, connecting, agreeing on TLS, in the
 * middle of the body), and closes its connection; so {@code TimeSource.await(limit, future)} is a
 * hard deadline, for a server that drips a byte now and then, too. A server that does not accept
 * within {@link #LONGEST_CONNECT}, or says nothing at all for {@link #LONGEST_SILENCE}, is given up
 * in any case.
 *
 * <p><b>What it costs.</b> Each call in flight is one socket (a file descriptor and a local port)
 * and some 10 KiB of heap besides the body; the threads are as many as there are processors, and at
 * most four. Host names are resolved on the calling thread.
 */
public final class BoundedHttp implements AutoCloseable {
  /** How much of a body is kept, in bytes: its beginning. */
  public static final int BODY_KEPT = 64 * 1024;

  /** A server that says nothing for so long is given up even if nobody cancels the call. */
  public static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  /** A server that does not accept for so long is given up even if nobody cancels the call. */
  public static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  static final int MOST_HEADERS = 200;
  static final int LONGEST_LINE = 16 * 1024;

  private static final String CLOSED = "the client is closed";

  private final Supplier<Duration> elapsed;
  private final ConcurrencyLimit limit;
  private final CloseableHttpAsyncClient client;
  private final Set<CallInFlight> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Starts one.
   *
   * @param inFlight how many calls may be in flight at once, 1 or more; others wait for their turn
   * @param trust how a server's certificate is judged; null for the JVM's own trust
   * @param elapsed the time that {@link HttpAnswer#took} is measured by, such as {@code
   *     time::elapsed}
   * @throws IllegalArgumentException if {@code inFlight} is less than 1
   */
  public BoundedHttp(int inFlight, @Nullable SSLContext trust, Supplier<Duration> elapsed) {
    Objects.requireNonNull(elapsed, "elapsed");
    ArgumentChecks.atLeast("inFlight", 1, inFlight);
    this.elapsed = elapsed;
    this.limit = new ConcurrencyLimit(inFlight);
    this.client = SingleRequestClient.create(inFlight, trust);
    client.start();
  }

  /**
   * Sends a call.
   *
   * @param endpoint where to, {@code http} or {@code https}; its path is not looked at
   * @return the answer, whatever its status; it fails with an {@link IOException} if there is none,
   *     whose message says why for a person. What depends on it may run on a thread of this client
   *     and must not block
   * @throws IllegalArgumentException if the endpoint has another scheme or no host
   */
  public CompletableFuture<HttpAnswer> send(URI endpoint, HttpCall call) {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(call, "call");
    return sendTo(null, endpoint, call);
  }

  /**
   * Sends a call to an instance or a front door of a group, at the one address that all parts of
   * this library mean by it; else as {@link #send(URI, HttpCall)}.
   */
  public CompletableFuture<HttpAnswer> send(URI endpoint, LiteralAddress address, HttpCall call) {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(call, "call");
    return sendTo(address, endpoint, call);
  }

  private CompletableFuture<HttpAnswer> sendTo(
      @Nullable LiteralAddress address, URI endpoint, HttpCall call) {
    String scheme = endpoint.getScheme();
    String name = endpoint.getHost();
    if (name == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "endpoint: expected http://host:port or https://host:port, but was "
              + Text.clean(endpoint.toString(), 200));
    }
    // An IPv6 address is in brackets in a URL, and nowhere else.
    String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    @Nullable InetAddress literal = address == null ? null : address.address();
    HttpHost host = new HttpHost(scheme, literal, bare, endpoint.getPort());
    CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    CallInFlight flight = new CallInFlight(answer, new NoAnswer(endpoint, address));
    open.add(flight);
    CompletableFuture<?> unused =
        answer.whenComplete(
            (done, failure) -> {
              flight.end();
              open.remove(flight);
            });
    limit.enter(() -> start(host, call, answer, flight));
    if (closed) {
      flight.abort(CLOSED);
    }
    return answer;
  }

  /** Aborts what is in flight (it fails) and ends the threads; does nothing the second time. */
  @Override
  public void close() {
    closed = true;
    limit.close();
    open.forEach(flight -> flight.abort(CLOSED));
    // With nothing left in flight this is a matter of milliseconds; the library gives it 5 seconds.
    client.close(CloseMode.GRACEFUL);
  }

  private void start(
      HttpHost host, HttpCall call, CompletableFuture<HttpAnswer> answer, CallInFlight flight) {
    CompletableFuture<?> unused = answer.whenComplete((done, failure) -> limit.leave());
    if (answer.isDone()) {
      return; // It was given up while it waited for its turn.
    }
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(CallInFlight.ATTRIBUTE, flight);
    try {
      flight.began(
          client.execute(
              host,
              new BasicRequestProducer(request(host, call), entity(call)),
              new AnswerConsumer(elapsed, flight),
              null,
              context,
              flight));
    } catch (RuntimeException e) {
      flight.failed(e);
    }
  }

  private static BasicHttpRequest request(HttpHost host, HttpCall call) {
    BasicHttpRequest request = new BasicHttpRequest(call.method(), host, call.path());
    call.host().ifPresent(name -> request.setAuthority(authority(name)));
    call.headers().forEach(request::addHeader);
    request.setHeader("Connection", "close");
    return request;
  }

  private static URIAuthority authority(String host) {
    int colon = host.indexOf(':');
    return colon < 0
        ? new URIAuthority(host)
        : new URIAuthority(host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)));
  }

  private static @Nullable AsyncEntityProducer entity(HttpCall call) {
    // The type is among the headers of the call.
    return call.body()
        .map(body -> new BasicAsyncEntityProducer(body.getBytes(StandardCharsets.UTF_8), null))
        .orElse(null);
  }
}
