package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Slot;
import io.bluegreen.Verdict;
import io.bluegreen.gate.HttpQuestions.Reply;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Reopenable;
import io.bluegreen.support.TrustedCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Prometheus one question and compares the answer with a limit: an instant query, once for
 * each look and service. PASSED if the figure of every service holds, FAILED if one does not.
 * Everything that is not exactly one finite number is INCONCLUSIVE with the reason: no series or
 * several, NaN and infinity, another type of result, a warning, an error, a redirect, an answer
 * that is late, larger than 64 KiB or no such answer at all. No data is never a pass.
 *
 * <pre>{@code
 * PrometheusGate.query("https://prometheus.internal:9090",
 *         "sum(rate(http_requests_total{job=\"{service}\",color=\"{color}\",status=~\"5..\"}[2m]))"
 *             + " / sum(rate(http_requests_total{job=\"{service}\",color=\"{color}\"}[2m]))")
 *     .atMost(0.05)
 *     .bearer(token)
 * }</pre>
 *
 * <p>In a string of the query {@code {service}}, {@code {color}} and {@code {version}} stand for
 * those of the candidate; a name or version can't change what is asked, and where the string is
 * matched as a regular expression it matches only itself. A query with {@code {version}} is
 * INCONCLUSIVE in an operation that knows no release, such as a rollback.
 *
 * <p>Prometheus answers from the samples of the last five minutes where a series has none of now;
 * so ask for rates over a window that has samples of this hold only.
 *
 * <p>Immutable, and safe for use by several threads; each method returns a changed copy. The first
 * look opens the client (a few threads), {@link #close} ends it and what is in flight, and a later
 * look opens it again.
 */
public final class PrometheusGate implements Gate {
  /** How long Prometheus may take, unless {@link #within} says otherwise: 4 s. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(4);

  private static final Pattern ADDRESS = Pattern.compile("\\s*https?://");

  private final PromqlTemplate promql;
  private final Threshold threshold;
  private final PrometheusApi api;
  private final Secrets secrets;
  private final Duration limit;
  private final @Nullable SSLContext trust;
  private final Reopenable<HttpQuestions> http;

  PrometheusGate(
      PromqlTemplate promql,
      Threshold threshold,
      PrometheusApi api,
      Secrets secrets,
      Duration limit,
      @Nullable SSLContext trust) {
    this.promql = promql;
    this.threshold = threshold;
    this.api = api;
    this.secrets = secrets;
    this.limit = limit;
    this.trust = trust;
    this.http = new Reopenable<>(() -> new HttpQuestions(trust), HttpQuestions::close);
  }

  /**
   * Returns a query, which becomes a gate by the limit that its figure is compared with.
   *
   * @param server where Prometheus is, {@code http} or {@code https}, with the prefix of its path
   *     if it has one; without user, query or fragment
   * @param promql what to ask, with the placeholders above
   * @throws IllegalArgumentException if the address is malformed, the query is blank, or a
   *     placeholder stands outside of a string; whether it is valid PromQL only Prometheus knows
   */
  public static PrometheusQuery query(String server, String promql) {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(promql, "promql");
    if (ADDRESS.matcher(promql).lookingAt() && !ADDRESS.matcher(server).lookingAt()) {
      // The address is not shown: one with a user may have a password.
      throw new IllegalArgumentException(
          "server and promql: expected an address and then a query, but the second of the two is"
              + " the address");
    }
    return new PrometheusQuery(PrometheusApi.address(server), new PromqlTemplate(promql));
  }

  /**
   * Returns this gate sending the query in the address of a GET, for what stands before a
   * Prometheus and lets no POST through; otherwise it is in the body of a POST, where its length
   * does not matter.
   */
  public PrometheusGate byGet() {
    return with(api.byGet(), secrets);
  }

  /**
   * Returns this gate authenticating itself by a token, which is never shown or logged here; the
   * HTTP library logs what is sent where its loggers {@code org.apache.hc.client5.http.headers} and
   * {@code .wire} are set to DEBUG.
   *
   * @throws IllegalArgumentException if it is blank or can't be in a header
   */
  public PrometheusGate bearer(String token) {
    Objects.requireNonNull(token, "token");
    return authorization("token", token, "Bearer " + token, List.of(token));
  }

  /**
   * Returns this gate authenticating itself by name and password; as {@link #bearer}.
   *
   * @throws IllegalArgumentException if the name has a colon, or one of them is blank
   */
  public PrometheusGate basic(String user, String password) {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.isBlank() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("user: expected a name without a colon");
    }
    String credentials =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    return authorization(
        "password", password, "Basic " + credentials, List.of(credentials, password));
  }

  /**
   * Returns this gate sending one more header, such as {@code X-Scope-OrgID}; its value is kept as
   * a token is.
   *
   * @throws IllegalArgumentException if the name or value is malformed, or the header belongs to
   *     the connection
   */
  public PrometheusGate header(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return with(api.header(name, value), secrets.and(List.of(value)));
  }

  /** Returns this gate judging certificates by a context in place of the JVM's own trust. */
  public PrometheusGate trust(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return new PrometheusGate(promql, threshold, api, secrets, limit, context);
  }

  /**
   * Returns this gate trusting the certificates in a file, and no others.
   *
   * @param certificates one or more X.509 certificates in PEM, read now
   * @throws IllegalArgumentException if the file can't be read or has no certificate
   */
  public PrometheusGate trust(Path certificates) {
    Objects.requireNonNull(certificates, "certificates");
    return trust(TrustedCertificates.pem(certificates));
  }

  /**
   * Returns this gate with another limit for one look. Keep it below the policy's limit for one
   * look, which is {@code Probing.timeout}: where that one ends it, the reason is not told.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public PrometheusGate within(Duration longest) {
    Objects.requireNonNull(longest, "longest");
    return new PrometheusGate(
        promql, threshold, api, secrets, ArgumentChecks.positive("longest", longest), trust);
  }

  @Override
  public Verdict judge(Context context) throws InterruptedException {
    Objects.requireNonNull(context, "context");
    Map<Slot, String> filled = new LinkedHashMap<>();
    for (Slot slot : context.candidates()) {
      Optional<String> question = promql.fill(slot, context.release());
      if (question.isEmpty()) {
        return Verdict.inconclusive("the query asks for {version}, but no release is known");
      }
      filled.put(slot, question.get());
    }
    List<String> asked = filled.values().stream().distinct().toList();
    List<Reply> replies =
        http.get().ask(asked.stream().map(one -> api.question(one, limit)).toList(), limit);
    List<PartVerdict> parts = new ArrayList<>();
    filled.forEach(
        (slot, question) ->
            parts.add(
                new PartVerdict(slot.toString(), verdict(replies.get(asked.indexOf(question))))));
    return PartVerdict.all(parts);
  }

  @Override
  public void close() {
    http.close();
  }

  /** Returns the query and the limit. */
  @Override
  public String toString() {
    return promql + " " + threshold;
  }

  private Verdict verdict(Reply reply) {
    PrometheusAnswer sample =
        reply
            .answer()
            .map(PrometheusAnswer::read)
            .orElseGet(() -> PrometheusAnswer.none(reply.failure()));
    if (sample.value().isEmpty()) {
      // What a server says may be an echo of what it was sent.
      return Verdict.inconclusive(secrets.hide(sample.problem()));
    }
    double value = sample.value().getAsDouble();
    boolean holds = threshold.holds(value);
    return new Verdict(
        holds ? Verdict.Kind.PASSED : Verdict.Kind.FAILED,
        value + (holds ? " is " : " is not ") + threshold,
        Map.of("value", Double.toString(value)));
  }

  private PrometheusGate authorization(
      String argument, String secret, String value, List<String> hidden) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException(argument + ": expected one, but was blank");
    }
    return with(api.header("Authorization", value), secrets.and(hidden));
  }

  private PrometheusGate with(PrometheusApi changed, Secrets hidden) {
    return new PrometheusGate(promql, threshold, changed, hidden, limit, trust);
  }
}
