package io.bluegreen.health;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.BoundedHttp;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.HttpCall;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Reopenable;
import io.bluegreen.support.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends one HTTP/1.1 request and looks at the answer. UP is an answer that came whole and is as
 * expected in everything that was asked for; anything else is DOWN, with the reason. The request is
 * sent once, on a connection of its own: no retry, no redirect followed, no cookie, no compression
 * (see {@link BoundedHttp}, which says what a probe costs, too).
 *
 * <pre>{@code
 * HttpHealthCheck.get("/health").expectJson("/status", "UP").answerWithin(Duration.ofMillis(500))
 * }</pre>
 *
 * <p>{@code {version}} in the path, its query, the value of a request's header, and in what is
 * expected of the body or of a header stands for the version that is to run there. Where that is
 * not known (a slot that this library has not launched), what is expected of it is left out, and
 * the detail says so. Where it can't even be asked without it, a slot is DOWN, and a front door is
 * taken as it is, with a warning in the result. A brace itself is written twice in all of these,
 * also in a pattern: {@code [0-9a-f]{{40}}}. A brace that stands alone, or another name in braces,
 * is refused, and the message says what to write.
 *
 * <p>Of a body the first {@link BoundedHttp#BODY_KEPT} bytes are read; a longer one ends the probe
 * there, which is DOWN for {@link #expectJson} and otherwise does not matter.
 *
 * <p>Immutable, and safe for use by several threads; each method returns a changed copy. The first
 * probe opens the client (a few threads), {@link #close} ends it and what is in flight, and a later
 * probe opens it again. Copies do not share a client.
 */
public final class HttpHealthCheck implements HealthCheck {
  /** How many probes are in flight at once, unless {@link #inFlight} says otherwise. */
  public static final int DEFAULT_IN_FLIGHT = 5_000;

  private final VersionedCall request;
  private final AnswerExpectations expected;
  private final int inFlight;
  private final @Nullable SSLContext trust;
  private final Reopenable<BoundedHttp> http;

  private HttpHealthCheck(
      VersionedCall request,
      AnswerExpectations expected,
      int inFlight,
      @Nullable SSLContext trust) {
    this.request = request;
    this.expected = expected;
    this.inFlight = inFlight;
    this.trust = trust;
    this.http = new Reopenable<>(() -> open(inFlight, trust), BoundedHttp::close);
  }

  /**
   * Returns a check that expects a status of 2xx.
   *
   * @param path with its query if it has one, such as {@code /health}; it starts with one {@code
   *     /}, and may have {@code {version}} in it; a doubled brace is sent percent-encoded
   * @throws IllegalArgumentException if the path is malformed
   */
  public static HttpHealthCheck get(String path) {
    Objects.requireNonNull(path, "path");
    return new HttpHealthCheck(
        VersionedCall.get(path), AnswerExpectations.success(), DEFAULT_IN_FLIGHT, null);
  }

  /**
   * Returns this check with another method; the request has no body.
   *
   * @param method one of {@code GET HEAD OPTIONS POST PUT PATCH DELETE}
   * @throws IllegalArgumentException if it is none of those
   */
  public HttpHealthCheck method(String method) {
    Objects.requireNonNull(method, "method");
    return with(request.method(method));
  }

  /**
   * Returns this check with one more request header. Its value is never shown or logged here; the
   * HTTP library logs what is sent where its loggers {@code org.apache.hc.client5.http.headers} and
   * {@code .wire} are set to DEBUG.
   *
   * @throws IllegalArgumentException if the name or value is malformed, or the header belongs to
   *     the connection (as {@code Connection}) or has a method of its own ({@link #host})
   */
  public HttpHealthCheck header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return with(request.header(name, value));
  }

  /**
   * Returns this check asking for another name than the endpoint's: in the Host header and, with
   * TLS, as the name that the certificate must have.
   *
   * @param name a name, or name:port
   * @throws IllegalArgumentException if it is malformed
   */
  public HttpHealthCheck host(String name) {
    Objects.requireNonNull(name, "name");
    return with(request.host(name));
  }

  /**
   * Returns this check expecting one of these statuses in place of 2xx.
   *
   * @throws IllegalArgumentException if there is none, or one is outside 200 to 599
   */
  public HttpHealthCheck expectStatus(int... statuses) {
    Objects.requireNonNull(statuses, "statuses");
    return with(expected.status(statuses));
  }

  /**
   * Returns this check expecting also that the body is JSON and has a value at a place. Several
   * such expectations must all be met.
   *
   * @param pointer a JSON pointer (RFC 6901), such as {@code /components/db/status}
   * @param value it may have {@code {version}} in it; as text: a string as it is, a number or
   *     boolean as JSON writes it; null, an object and an array equal nothing
   * @throws IllegalArgumentException if it is no pointer
   */
  public HttpHealthCheck expectJson(String pointer, String value) {
    Objects.requireNonNull(pointer, "pointer");
    Objects.requireNonNull(value, "value");
    return with(expected.json(pointer, value));
  }

  /**
   * Returns this check expecting also that a pattern is found in the body. Anchor it to match the
   * whole. It is searched in the first {@link BoundedHttp#BODY_KEPT} bytes, read as UTF-8. A search
   * that looks at more than two million characters because it backtracks is given up, and that is
   * DOWN.
   *
   * @param regex as {@link Pattern} defines it, with its braces doubled; {@code {version}} in it is
   *     found letter for letter
   * @throws IllegalArgumentException if it is none, or a brace stands alone
   */
  public HttpHealthCheck expectBody(String regex) {
    Objects.requireNonNull(regex, "regex");
    return with(expected.body(regex));
  }

  /**
   * Returns this check expecting also that the body has some text in it, letter for letter; of what
   * is read as for {@link #expectBody}.
   *
   * @param text may have {@code {version}} in it
   * @throws IllegalArgumentException if it is empty
   */
  public HttpHealthCheck expectText(String text) {
    Objects.requireNonNull(text, "text");
    return with(expected.text(text));
  }

  /**
   * Returns this check expecting also that a header of the answer has a value. Several of one name
   * are compared as one, joined by a comma.
   *
   * @param name whatever its case
   * @param value the whole value; it may have {@code {version}} in it
   * @throws IllegalArgumentException if the name is blank
   */
  public HttpHealthCheck expectHeader(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return with(expected.header(name, value));
  }

  /**
   * Returns this check for which a slower answer is DOWN, measured from the start of the connection
   * to the end of the answer. It is judged when the answer is there; what ends the wait for an
   * answer is the policy's limit for one probe.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public HttpHealthCheck answerWithin(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return with(expected.within(limit));
  }

  /** Returns this check judging certificates by a context in place of the JVM's own trust. */
  public HttpHealthCheck trust(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return new HttpHealthCheck(request, expected, inFlight, context);
  }

  /**
   * Returns this check trusting the certificates in a file, and no others.
   *
   * @param certificates one or more X.509 certificates in PEM, read now
   * @throws IllegalArgumentException if the file can't be read or has no certificate
   */
  public HttpHealthCheck trust(Path certificates) {
    Objects.requireNonNull(certificates, "certificates");
    return trust(TrustedCertificates.pem(certificates));
  }

  /**
   * Returns this check with another bound on the probes that are in flight at once. Further ones
   * wait for their turn, and the policy's limit runs meanwhile: with fewer than there are instances
   * a round takes as many times the slowest probe as the bound goes into their number. Each costs a
   * file descriptor and a local port.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public HttpHealthCheck inFlight(int most) {
    ArgumentChecks.atLeast("most", 1, most);
    return new HttpHealthCheck(request, expected, most, trust);
  }

  @Override
  public CompletableFuture<Health> probe(Instance instance) {
    Objects.requireNonNull(instance, "instance");
    Optional<URI> endpoint = instance.endpoint();
    if (endpoint.isEmpty()) {
      return CompletableFuture.completedFuture(Health.down(instance + " has no endpoint to ask"));
    }
    String scheme = String.valueOf(endpoint.get().getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return CompletableFuture.completedFuture(
          Health.down(
              endpoint.get() + " is neither http nor https; TcpHealthCheck asks such ones"));
    }
    Optional<HttpCall> call = request.of(instance.version());
    if (call.isEmpty()) {
      return CompletableFuture.completedFuture(Reason.noVersion(instance, request));
    }
    LiteralAddress address;
    try {
      address = LiteralAddress.of(endpoint.get());
    } catch (IOException | IllegalArgumentException e) {
      return CompletableFuture.completedFuture(Health.down(request + ": " + Reason.of(e)));
    }
    CompletableFuture<HttpAnswer> answer = http.get().send(endpoint.get(), address, call.get());
    CompletableFuture<Health> health =
        answer.handle(
            (answered, failure) ->
                failure == null
                    ? expected.judge(request, answered, instance.version())
                    : Health.down(request + ": " + Reason.of(failure)));
    // However the probe ends for its caller, the request ends with it.
    CompletableFuture<?> unused = health.whenComplete((done, failure) -> answer.cancel(true));
    return health;
  }

  @Override
  public void close() {
    http.close();
  }

  /** Returns the method and the path. */
  @Override
  public String toString() {
    return request.toString();
  }

  private HttpHealthCheck with(VersionedCall changed) {
    return new HttpHealthCheck(changed, expected, inFlight, trust);
  }

  private HttpHealthCheck with(AnswerExpectations others) {
    return new HttpHealthCheck(request, others, inFlight, trust);
  }

  private static BoundedHttp open(int inFlight, @Nullable SSLContext trust) {
    // Only its clock is used, so that there is nothing of it to close.
    TimeSource time = TimeSource.system();
    return new BoundedHttp(inFlight, trust, time::elapsed);
  }
}
