package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real Prometheus that scrapes a real exporter. */
@Timeout(120)
class PrometheusGateTest {
  private static final String RATIO =
      "error_ratio{service=\"{service}\",color=\"{color}\",version=\"{version}\"}";
  // bcrypt of "open sesame"
  private static final String HASH = "$2b$04$FaAcpONhb3PlcVaaBRWO3O2cYBYj3Zt8Xn/kLcYfeQJ7pwmSelH26";

  @TempDir private static Path directory;
  private static MetricsExporter exporter;
  private static RealPrometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    exporter = new MetricsExporter();
    exporter.set(ratio("web", "green", "1.4.2"), 0.02);
    exporter.set(ratio("web", "green", "1x4x2"), 0.5);
    exporter.set(ratio("web", "blue", "1.4.2"), 0.3);
    exporter.set(ratio("chat", "green", "1.4.2"), 0.1);
    exporter.set("orders{uri=\"/orders/{id}\"}", 7);
    exporter.set("strange{is=\"nan\"}", Double.NaN);
    exporter.set("strange{is=\"inf\"}", Double.POSITIVE_INFINITY);
    exporter.set("strange{is=\"neginf\"}", Double.NEGATIVE_INFINITY);
    prometheus = new RealPrometheus(directory, exporter);
    awaitScraped(prometheus);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    exporter.close();
  }

  @Test
  void figureOfTheCandidateIsComparedWithTheLimit() throws Exception {
    Verdict good = judge(query(RATIO).atMost(0.05));
    assertThat(good.kind()).isEqualTo(PASSED);
    assertThat(good.reason()).isEqualTo("web/green: 0.02 is at most 0.05");
    assertThat(good.figures()).containsEntry("web/green value", "0.02");

    Verdict bad = judge(query(RATIO).atMost(0.01));
    assertThat(bad.kind()).isEqualTo(FAILED);
    assertThat(bad.reason()).isEqualTo("web/green: 0.02 is not at most 0.01");
    assertThat(judge(query(RATIO).atMost(0.02)).kind()).isEqualTo(PASSED);
    assertThat(judge(query(RATIO).below(0.02)).kind()).isEqualTo(FAILED);
    assertThat(judge(query(RATIO).atLeast(0.02)).kind()).isEqualTo(PASSED);
    assertThat(judge(query(RATIO).above(0.02)).kind()).isEqualTo(FAILED);
  }

  @Test
  void everyServiceIsAsked() throws Exception {
    Verdict verdict =
        judge(
            query(RATIO).atMost(0.05),
            GateMoments.of(
                GateMoments.web("http://127.0.0.1:1"),
                GateMoments.service("chat", "http://127.0.0.1:2")));
    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason()).isEqualTo("chat/green: 0.1 is not at most 0.05");
    assertThat(verdict.figures()).containsEntry("web/green value", "0.02");
  }

  @Test
  void versionInARegularExpressionMatchesOnlyItself() throws Exception {
    String matching = "count(error_ratio{version%s,service='web',color=`green`})";
    assertThat(judge(query(matching.formatted("=~\"{version}\"")).atMost(1)).kind())
        .isEqualTo(PASSED);
    assertThat(judge(query(matching.formatted(" =~ `1.4.2`")).atMost(1)).kind())
        .isEqualTo(FAILED); // the pattern would match it without quoting
    assertThat(judge(query(matching.formatted(" !~ '{version}'")).atMost(1)).kind())
        .isEqualTo(PASSED);
  }

  @Test
  void otherTextInBracesIsLeftAsItIs() throws Exception {
    assertThat(judge(query("orders{uri=\"/orders/{id}\"} # {nothing}").atLeast(7)).kind())
        .isEqualTo(PASSED);
  }

  @Test
  void answerThatIsNotOneFiniteNumberIsInconclusiveWithTheReason() throws Exception {
    assertInconclusive("absent_series", "no data: the result is empty");
    assertInconclusive("error_ratio{service=\"{service}\",color=\"red\"}", "the result is empty");
    assertInconclusive("0 * sum(absent_series)", "the result is empty");
    assertInconclusive("strange{is=\"nan\"}", "no data: the value is NaN");
    assertInconclusive("vector(0) / vector(0)", "no data: the value is NaN");
    assertInconclusive("strange{is=\"inf\"}", "no data: the value is +Inf");
    assertInconclusive("strange{is=\"neginf\"}", "no data: the value is -Inf");
    assertInconclusive("error_ratio", "expected one series, but were 4; aggregate them");
    assertInconclusive("error_ratio{color=\"green\"}[1m]", "was \"matrix\"");
    assertInconclusive("scalar(error_ratio)", "was \"scalar\"");
    assertInconclusive("1", "was \"scalar\"");
    assertInconclusive("\"text\"", "was \"string\"");
    assertInconclusive("sum(", "HTTP status 400, bad_data: ");
    assertInconclusive("no_such_function(error_ratio)", "HTTP status 400, bad_data: ");
    assertInconclusive(
        "label_replace(error_ratio, \"version\", \"\", \"\", \"\") * on (color) error_ratio",
        "HTTP status 422, execution: ");
  }

  @Test
  void longQueryIsSentInABodyAndAShortOneByGetWhereTold() throws Exception {
    String padding = " # ".concat("x".repeat(50_000));
    assertThat(judge(query(RATIO + padding).atMost(0.05)).kind()).isEqualTo(PASSED);
    assertThat(judge(query(RATIO).atMost(0.05).byGet()).kind()).isEqualTo(PASSED);
  }

  @Test
  void versionThatIsNotKnownIsInconclusive() throws Exception {
    Gate.Context rollback =
        GateMoments.of(
            "d-1",
            Phase.BAKE,
            Duration.ZERO,
            Optional.empty(),
            GateMoments.web("http://127.0.0.1:1"));
    Verdict verdict = judge(query(RATIO).atMost(1), rollback);
    assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(verdict.reason()).contains("{version}").contains("no release is known");
  }

  @Test
  void prometheusThatIsDownIsInconclusive() throws Exception {
    Verdict verdict = judge(PrometheusGate.query(RefusingAddress.address(), RATIO).atMost(1));
    assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(verdict.reason()).containsIgnoringCase("refused");
  }

  @Test
  void tlsAndAuthenticationOfARealPrometheusAreMet(@TempDir Path own) throws Exception {
    Certificate certificate = Certificate.in(own);
    Path web =
        Files.writeString(
            own.resolve("web.yml"),
            "tls_server_config:\n  cert_file: %s\n  key_file: %s\nbasic_auth_users:\n  ann: '%s'\n"
                .formatted(certificate.certificate(), certificate.key(), HASH));
    try (RealPrometheus secured = new RealPrometheus(own, exporter, "--web.config.file=" + web)) {
      String url = "https://" + secured.address();
      PrometheusGate gate =
          PrometheusGate.query(url, RATIO)
              .atMost(0.05)
              .trust(certificate.certificate())
              .basic("ann", "open sesame");
      try (gate) {
        await().until(() -> gate.judge(GateMoments.web()).kind() == PASSED);
      }
      PrometheusGate anonymous =
          PrometheusGate.query(url, RATIO).atMost(0.05).trust(certificate.certificate());
      assertThat(judge(anonymous).reason()).contains("HTTP status 401");
      assertThat(judge(anonymous.basic("ann", "wrong")).reason())
          .contains("HTTP status 401")
          .doesNotContain("wrong");
      assertThat(judge(PrometheusGate.query(url, RATIO).atMost(1).basic("ann", "open sesame")))
          .extracting(Verdict::kind, Verdict::toString)
          .satisfies(
              both -> {
                assertThat(both.get(0)).isEqualTo(INCONCLUSIVE);
                assertThat((String) both.get(1)).contains("PKIX");
              });
    }
  }

  @Test
  void candidateWithErrorsIsRolledBackAndOneWithoutIsPromoted() {
    DeploymentWithGate good = DeploymentWithGate.web("http://192.0.2.1:7");
    String rate = "error_ratio{service=\"{service}\",color=\"{color}\",version=\"{version}\"}";
    assertThat(good.deploy(query(rate).atMost(0.4)).outcome()).isEqualTo(Outcome.PROMOTED);

    DeploymentWithGate bad = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult back = bad.deploy(query(rate).atMost(0.05));
    assertThat(back.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(back.reason()).contains("web/blue: 0.3 is not at most 0.05");
    assertThat(bad.live()).isEqualTo(Color.GREEN);
  }

  private static void assertInconclusive(String promql, String reason) throws Exception {
    Verdict verdict = judge(query(promql).atMost(1));
    assertThat(verdict.kind()).as(promql).isEqualTo(INCONCLUSIVE);
    assertThat(verdict.reason()).as(promql).startsWith("web/green: ").contains(reason);
  }

  private static void awaitScraped(RealPrometheus asked) {
    PrometheusGate gate = PrometheusGate.query(asked.url(), "count(strange)").atLeast(3);
    try (gate) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> gate.judge(GateMoments.web()).kind() == PASSED);
    }
  }

  private static PrometheusQuery query(String promql) {
    return PrometheusGate.query(prometheus.url(), promql);
  }

  private static Verdict judge(PrometheusGate gate) throws InterruptedException {
    Service web = GateMoments.web("http://127.0.0.1:1");
    return judge(
        gate,
        GateMoments.of("d-1", Phase.SHIFT, Duration.ZERO, Optional.of(Release.of("1.4.2")), web));
  }

  private static Verdict judge(PrometheusGate gate, Gate.Context moment)
      throws InterruptedException {
    try (gate) {
      return gate.judge(moment);
    }
  }

  private static String ratio(String service, String color, String version) {
    return "error_ratio{service=\"%s\",color=\"%s\",version=\"%s\"}"
        .formatted(service, color, version);
  }
}
