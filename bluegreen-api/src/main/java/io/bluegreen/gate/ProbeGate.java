package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.HttpAnswer;
import io.bluegreen.support.HttpCall;
import io.bluegreen.support.TrustedCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * Sends a request of yours, as a user would, and judges the last answers together: a synthetic
 * probe. It goes to every instance of the candidate, or {@link #throughFrontDoor} or to an address
 * of its own, and the last answers are counted together: FAILED once too many of them failed or
 * were slow; INCONCLUSIVE below the least number of probes; else PASSED. A failure is a status or a
 * body that was not expected, and no answer.
 *
 * <pre>{@code
 * ProbeGate.get("/checkout?item=1")
 *     .header("Authorization", "Bearer " + token)
 *     .expect("a price", answer -> answer.text().contains("\"price\""))
 *     .slow(Duration.ofMillis(800), 50)
 * }</pre>
 *
 * <p>They are counted for each service, in each phase of each deployment, and what has FAILED stays
 * so: that phase does not pass any more. With several instances each probe of an instance counts by
 * itself.
 *
 * <p><b>When probes are sent.</b> A gate has no thread of its own. By default each look sends one
 * probe to each instance. With {@link #every} it sends as many as have come due since the last
 * look, by the engine's time, all at once; so let the policy look about as often as probes are due.
 *
 * <p>Immutable but for the counts, and safe for use by several threads; each method returns a
 * changed copy with counts of its own. The counts are in memory: a deployment that is carried on by
 * another process begins with none, which is INCONCLUSIVE. The first look opens the client (a few
 * threads), {@link #close} ends it, what is in flight and the counts, and a later look opens it
 * again.
 */
public final class ProbeGate implements Gate {
  /** How many probes are judged together, unless {@link #window} says otherwise. */
  public static final int DEFAULT_WINDOW = 20;

  /** Below so many probes there is no verdict, unless {@link #window} says otherwise. */
  public static final int DEFAULT_MINIMUM = 5;

  /**
   * The percent of failures from which on it is FAILED, unless {@link #failureRate} says otherwise:
   * one in five is let pass, two are not.
   */
  public static final int DEFAULT_FAILURE_RATE = 25;

  /** How long one probe may take, unless {@link #within} says otherwise: 2 s. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(2);

  private final ProbeSettings settings;
  private final ProbeSender runs;

  private ProbeGate(ProbeSettings settings) {
    this.settings = settings;
    this.runs = new ProbeSender(settings);
  }

  /**
   * Returns a gate that sends a GET to every instance of the candidate and expects a status of 2xx.
   *
   * @param path with its query if it has one; it starts with one {@code /}
   * @throws IllegalArgumentException if the path is malformed
   */
  public static ProbeGate get(String path) {
    return get(HttpCall.get(path), ProbeTarget.CANDIDATE);
  }

  /**
   * Returns a gate that sends a GET to an address of its own, whatever is deployed.
   *
   * @param address {@code http} or {@code https}, without user and fragment
   * @throws IllegalArgumentException if it is malformed
   */
  public static ProbeGate get(URI address) {
    Objects.requireNonNull(address, "address");
    ProbeTarget target = ProbeTarget.at(address);
    String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return get(HttpCall.get(path + query), target);
  }

  /**
   * Returns this gate sending its probes through the front door of each service, as its users do;
   * while the traffic is shared they reach the live colour, too. A service without one is
   * INCONCLUSIVE.
   */
  public ProbeGate throughFrontDoor() {
    return new ProbeGate(settings.with(settings.target().throughFrontDoor()));
  }

  /**
   * Returns this gate probing only some services of the group.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ProbeGate services(String... names) {
    ArgumentChecks.noNulls("names", names);
    ArgumentChecks.notEmpty("services", List.of(names));
    return new ProbeGate(settings.with(settings.target().only(Set.of(names))));
  }

  /**
   * Returns this gate with another method.
   *
   * @param method one of {@code GET HEAD OPTIONS POST PUT PATCH DELETE}
   * @throws IllegalArgumentException if it is none of those
   */
  public ProbeGate method(String method) {
    Objects.requireNonNull(method, "method");
    return new ProbeGate(settings.with(settings.call().method(method)));
  }

  /**
   * Returns this gate sending a body, which is never shown.
   *
   * @param type what it is, such as {@code application/json}
   * @throws IllegalArgumentException if the type is malformed
   */
  public ProbeGate body(String type, String body) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(body, "body");
    return new ProbeGate(settings.with(ProbeBody.of(type, body).in(settings.call())));
  }

  /**
   * Returns this gate with one more request header. Its value is never shown or logged here; the
   * HTTP library logs what is sent where its loggers {@code org.apache.hc.client5.http.headers} and
   * {@code .wire} are set to DEBUG.
   *
   * @throws IllegalArgumentException if the name or value is malformed, or the header belongs to
   *     the connection
   */
  public ProbeGate header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return new ProbeGate(settings.with(settings.call().header(name, value)));
  }

  /**
   * Returns this gate asking for another name than the address's: in the Host header and, with TLS,
   * as the name that the certificate must have.
   *
   * @param name a name, or name:port
   * @throws IllegalArgumentException if it is malformed
   */
  public ProbeGate host(String name) {
    Objects.requireNonNull(name, "name");
    return new ProbeGate(settings.with(settings.call().host(name)));
  }

  /**
   * Returns this gate expecting one of these statuses in place of 2xx.
   *
   * @throws IllegalArgumentException if there is none, or one is outside 200 to 599
   */
  public ProbeGate expectStatus(int... statuses) {
    Objects.requireNonNull(statuses, "statuses");
    return new ProbeGate(settings.with(settings.expected().status(statuses)));
  }

  /**
   * Returns this gate expecting something of the answer besides its status. Several such
   * expectations must all be met; one that throws is not.
   *
   * @param what what is expected, for a person, such as {@code a price}
   * @param test tells whether the answer has it; of the body it sees at most the first 64 KiB, and
   *     it must not block
   */
  public ProbeGate expect(String what, Predicate<HttpAnswer> test) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(test, "test");
    return new ProbeGate(settings.with(settings.expected().and(what, test)));
  }

  /**
   * Returns this gate sending a probe so often by the engine's time, however often it is asked; a
   * look sends at most 20 of those that have come due, and the others never.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ProbeGate every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return new ProbeGate(settings.every(ArgumentChecks.positive("interval", interval)));
  }

  /**
   * Returns this gate with another limit for one probe; none that takes longer has an answer. Keep
   * it below the policy's limit for one look, which is {@code Probing.timeout}: a look that is
   * ended by that one is not counted.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public ProbeGate within(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return new ProbeGate(settings.within(ArgumentChecks.positive("longest", longest)));
  }

  /**
   * Returns this gate with another window.
   *
   * @param size how many of the last probes are judged together, 1 to 10,000
   * @param minimum below so many there is no verdict, 1 to {@code size}
   * @throws IllegalArgumentException if one is outside that
   */
  public ProbeGate window(int size, int minimum) {
    return new ProbeGate(settings.with(settings.limits().window(size, minimum)));
  }

  /**
   * Returns this gate with another limit for failures.
   *
   * @param percent how much of the window's probes is too much, so that it is FAILED; 1 to 100
   * @throws IllegalArgumentException if it is outside that
   */
  public ProbeGate failureRate(int percent) {
    return new ProbeGate(settings.with(settings.limits().failures(percent)));
  }

  /**
   * Returns this gate for which slow probes count, too; by default none is slow.
   *
   * @param from a probe is slow that takes longer than this, from the start of the connection to
   *     the end of the answer; at most the limit for one probe, or none would be
   * @param percent how much of the window's probes is too much, so that it is FAILED; 1 to 100
   * @throws IllegalArgumentException if {@code from} is not more than zero, or percent outside that
   */
  public ProbeGate slow(Duration from, int percent) {
    Objects.requireNonNull(from, "from");
    return new ProbeGate(settings.with(settings.limits().slow(from, percent)));
  }

  /** Returns this gate judging certificates by a context in place of the JVM's own trust. */
  public ProbeGate trust(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return new ProbeGate(settings.trusting(context));
  }

  /**
   * Returns this gate trusting the certificates in a file, and no others.
   *
   * @param certificates one or more X.509 certificates in PEM, read now
   * @throws IllegalArgumentException if the file can't be read or has no certificate
   */
  public ProbeGate trust(Path certificates) {
    Objects.requireNonNull(certificates, "certificates");
    return trust(TrustedCertificates.pem(certificates));
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    Objects.requireNonNull(context, "context");
    return runs.judge(context);
  }

  @Override
  public void close() {
    runs.close();
  }

  /** Returns the method and the path. */
  @Override
  public String toString() {
    return "probe " + settings.call();
  }

  private static ProbeGate get(HttpCall call, ProbeTarget target) {
    return new ProbeGate(
        new ProbeSettings(
            call,
            target,
            ExpectedAnswer.SUCCESS,
            Optional.empty(),
            DEFAULT_LIMIT,
            ProbeLimits.DEFAULT,
            null));
  }
}
