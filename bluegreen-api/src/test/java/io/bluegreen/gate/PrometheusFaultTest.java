package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Outcome;
import io.bluegreen.Verdict;
import io.bluegreen.support.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With servers that do not answer as Prometheus does. */
@Timeout(120)
class PrometheusFaultTest {
  private static final String GOOD =
      "{'status':'success','data':{'resultType':'vector','result':[{'metric':{},'value':[1,'0.5']}]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 OK | {'status':'success','warnings':['one of two stores did not answer'],'data':{'resultType':'vector','result':[{'metric':{},'value':[1,'0.5']}]}} | it warns: "one of two stores
          200 OK | {'status':'error','errorType':'timeout','error':'too long'} | the status is not success, timeout: too long
          200 OK | {'data':{'resultType':'vector','result':[{'metric':{},'value':[1,'0.5']}]}} | the status is not success
          200 OK | {'status':'success'} | expected a vector
          200 OK | {'status':'success','data':{'resultType':'vector','result':7}} | no data
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'metric':{}}]}} | no value
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'histogram':[1,{}]}]}} | no value
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'']}]}} | no data: the value is
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'0.5x']}]}} | no data: the value is 0.5x
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'Infinity']}]}} | no data: the value is Infinity
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'1e999']}]}} | no data: the value is 1e999
          200 OK | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,true]}]}} | no data: the value is true
          200 OK | {'status':'success','status':'error'} | not JSON
          200 OK | <html>login</html> | HTTP status 200, and the answer is not JSON
          200 OK | {'status':'success', | not JSON
          200 OK | [] | the status is not success
          200 OK | null | the status is not success
          204 No Content | {} | HTTP status 204
          301 Moved | {} | HTTP status 301 to http://192.0.2.1/, and redirects are not followed
          307 Temporary | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'0.5']}]}} | redirects are not followed
          401 Unauthorized | Unauthorized | HTTP status 401
          500 Oops | {'status':'success','data':{'resultType':'vector','result':[{'value':[1,'0.5']}]}} | HTTP status 500
          503 Unavailable | {'status':'error','errorType':'unavailable','error':'starting'} | HTTP status 503, unavailable: starting
          """)
  void answerThatIsNotOneNumberIsInconclusiveWithTheReason(
      String status, String body, String reason) throws Exception {
    try (RawServer server =
        RawServer.answering(
            RawServer.response(
                status, "Location: http://192.0.2.1/\r\n", body.replace('\'', '"')))) {
      assertNeverAPass(gate(server), reason);
      assertThat(server.heads()).allMatch(head -> head.startsWith("POST /api/v1/query "));
    }
  }

  @Test
  void sameAnswerWithoutAFaultPasses() throws Exception {
    try (RawServer server =
            RawServer.answering(RawServer.response("200 OK", "", GOOD.replace('\'', '"')));
        PrometheusGate gate = gate(server)) {
      assertThat(gate.judge(GateMoments.web()).kind()).isEqualTo(PASSED);
    }
  }

  @Test
  void answerThatIsTooLargeOrEmptyOrCutIsInconclusive() throws Exception {
    String whole = GOOD.replace('\'', '"');
    try (RawServer large =
        RawServer.answering(RawServer.response("200 OK", "", whole + " ".repeat(70_000)))) {
      assertNeverAPass(gate(large), "more than 65536 bytes");
    }
    try (RawServer empty = RawServer.answering(RawServer.response("200 OK", "", ""))) {
      assertNeverAPass(gate(empty), "not JSON: empty");
    }
    try (RawServer cut =
        RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + whole)) {
      assertNeverAPass(gate(cut), "");
    }
    try (RawServer closing = RawServer.answering("")) {
      assertNeverAPass(gate(closing), "");
    }
    try (RawServer garbage = RawServer.answering("\0\1\2 this is not HTTP\r\n\r\n")) {
      assertNeverAPass(gate(garbage), "");
    }
    assertNeverAPass(PrometheusGate.query(RefusingAddress.address(), "up").atMost(1), "refused");
  }

  @Test
  void answerThatIsLateOrDripsIsInconclusive() throws Exception {
    try (RawServer mute = RawServer.playing((socket, out) -> Thread.sleep(60_000))) {
      assertNeverAPass(gate(mute).within(Duration.ofMillis(60)), "no answer within 60 ms");
    }
    try (RawServer dripping =
        RawServer.playing(
            (socket, out) -> {
              for (byte each :
                  RawServer.response("200 OK", "", GOOD).getBytes(StandardCharsets.UTF_8)) {
                out.write(each);
                out.flush();
                Thread.sleep(20);
              }
            })) {
      assertNeverAPass(gate(dripping).within(Duration.ofMillis(60)), "no answer within 60 ms");
    }
  }

  @Test
  void secretsAreSentAndNeverShownEvenWhereTheServerEchoesThem() throws Exception {
    try (RawServer echo =
        RawServer.answering(
            RawServer.response(
                "400 Bad",
                "",
                "{\"status\":\"error\",\"errorType\":\"hush\",\"error\":\"Bearer hush, tenant-7, "
                    + "YW5uOnNlc2FtZQ== and sesame\"}"))) {
      PrometheusGate bearer = gate(echo).bearer("hush").header("X-Scope-OrgID", "tenant-7");
      PrometheusGate basic = gate(echo).basic("ann", "sesame");
      try (bearer;
          basic) {
        assertThat(bearer.judge(GateMoments.web()) + bearer.toString())
            .contains("Bearer ***")
            .doesNotContain("hush", "tenant-7");
        assertThat(basic.judge(GateMoments.web()) + basic.toString())
            .doesNotContain("YW5uOnNlc2FtZQ", "sesame");
      }
      assertThat(echo.heads().get(0))
          .contains("\r\nAuthorization: Bearer hush\r\n", "\r\nX-Scope-OrgID: tenant-7\r\n");
      assertThat(echo.heads().get(1)).contains("\r\nAuthorization: Basic YW5uOnNlc2FtZQ==\r\n");
    }
  }

  @Test
  void prefixOfThePathIsKeptAndGetHasTheQueryInTheAddress() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("200 OK", "", GOOD.replace('\'', '"')))) {
      try (PrometheusGate gate =
          PrometheusGate.query(server.uri() + "/prometheus/", "up{job=\"a b\"}")
              .atMost(1)
              .byGet()) {
        assertThat(gate.judge(GateMoments.web()).kind()).isEqualTo(PASSED);
      }
      assertThat(server.heads().get(0))
          .startsWith("GET /prometheus/api/v1/query?query=up%7Bjob%3D%22a+b%22%7D&timeout=4000ms ");
    }
  }

  @Test
  void interruptionEndsTheLook() throws Exception {
    try (RawServer mute = RawServer.playing((socket, out) -> Thread.sleep(60_000));
        PrometheusGate gate = gate(mute).within(Duration.ofMinutes(1))) {
      FutureTask<Verdict> look = new FutureTask<>(() -> gate.judge(GateMoments.web()));
      Thread thread = new Thread(look, "look");
      thread.start();
      mute.asked().await();
      thread.interrupt();
      assertThatThrownBy(look::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void closingEndsTheThreadsAndALaterLookOpensThemAgain() throws Exception {
    try (RawServer server =
        RawServer.answering(RawServer.response("200 OK", "", GOOD.replace('\'', '"')))) {
      Set<Thread> before = threads();
      PrometheusGate gate = gate(server);
      gate.judge(GateMoments.web());
      Set<Thread> mine = threads();
      mine.removeAll(before);
      assertThat(mine).isNotEmpty();
      gate.close();
      await().until(() -> mine.stream().noneMatch(Thread::isAlive));
      assertThat(gate.judge(GateMoments.web()).kind()).isEqualTo(PASSED);
      gate.close();
    }
  }

  @Test
  void gateRefusesQueriesThatItCanNotAsk() {
    refuses(() -> PrometheusGate.query("prometheus:9090", "up"), "server");
    refuses(() -> PrometheusGate.query("http://ann:pw@127.0.0.1:9090", "up"), "server");
    refuses(() -> PrometheusGate.query("http://127.0.0.1:9090/?a=b", "up"), "server");
    refuses(() -> PrometheusGate.query("http://127.0.0.1 :9090", "up"), "server");
    refuses(() -> query(" "), "query");
    refuses(() -> query("rate({service}_total[1m])"), "query: a placeholder stands in a string");
    refuses(() -> query("up # {color}"), "query: a placeholder stands in a string");
    refuses(() -> query("up{job=\"{service}}"), "query: the string does not end");
    refuses(() -> query("up{job=\"\\\"}"), "query: the string does not end");
    refuses(() -> query("up").atMost(Double.NaN), "limit");
    refuses(() -> query("up").above(Double.POSITIVE_INFINITY), "limit");
    refuses(() -> query("up").atMost(1).bearer(" "), "token");
    refuses(() -> query("up").atMost(1).bearer("a\r\nb"), "header");
    refuses(() -> query("up").atMost(1).basic("a:b", "c"), "user");
    refuses(() -> query("up").atMost(1).basic("a", ""), "password");
    refuses(() -> query("up").atMost(1).within(Duration.ZERO), "longest");
  }

  /** Neither alone nor in a deployment, where it is told why. */
  private static void assertNeverAPass(PrometheusGate gate, String reason) throws Exception {
    try (gate) {
      Verdict verdict = gate.judge(GateMoments.web());
      assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
      assertThat(verdict.reason()).startsWith("web/green: ").containsIgnoringCase(reason);
      assertThat(verdict.reason().length()).isGreaterThan("web/green: ".length());
    }
    DeploymentWithGate story = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult result = story.deploy(gate);
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).isNotBlank();
    assertThat(story.live()).isEqualTo(Color.GREEN);
    assertThat(story.verdicts())
        .isNotEmpty()
        .allMatch(v -> v.kind() == INCONCLUSIVE && !v.reason().isBlank());
  }

  private static void refuses(Runnable making, String argument) {
    assertThatIllegalArgumentException()
        .isThrownBy(making::run)
        .withMessageStartingWith(argument)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("pw"));
  }

  private static PrometheusQuery query(String promql) {
    return PrometheusGate.query("http://127.0.0.1:9090", promql);
  }

  private static PrometheusGate gate(RawServer server) throws IOException {
    return PrometheusGate.query(server.uri().toString(), "up").atMost(1);
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("bluegreen-http"))
        .collect(Collectors.toSet());
  }
}
