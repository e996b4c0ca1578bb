package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Gate;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Verdict;
import io.bluegreen.support.RawServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a probe sends, where to, and which answers it takes for a failure. */
@Timeout(120)
class ProbeRequestTest {
  private static final String OK = RawServer.response("200 OK", "", "price: 7");

  private volatile String answer = OK;
  private RawServer server;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.playing((socket, out) -> out.write(answer.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void missingAnswerIsAFailure() throws Exception {
    try (RawServer mute = RawServer.playing((socket, out) -> Thread.sleep(60_000));
        ProbeGate gate = probe().window(1, 1).within(Duration.ofMillis(100))) {
      Verdict verdict = gate.judge(GateMoments.of(GateMoments.web(mute.uri())));
      assertThat(verdict.kind()).isEqualTo(FAILED);
      assertThat(verdict.reason()).contains("no answer within 100 ms");
      assertThat(verdict.figures()).containsEntry("web/green slow", "0");
      Verdict refused = gate.judge(another(GateMoments.web(RefusingAddress.address())));
      assertThat(refused.kind()).isEqualTo(FAILED);
      assertThat(refused.reason()).containsIgnoringCase("refused");
    }
  }

  @Test
  void answerThatIsNotAsExpectedIsAFailure() throws Exception {
    assertThat(one(probe().expectStatus(404)).reason())
        .contains("expected status [404], but was 200");
    assertThat(one(probe().expect("a price", a -> a.text().contains("price: 7"))).kind())
        .isEqualTo(PASSED);
    Verdict wrong = one(probe().expect("a price", a -> a.text().contains("price: 8")));
    assertThat(wrong.kind()).isEqualTo(FAILED);
    assertThat(wrong.reason()).contains("expected a price, but was not");
    Verdict broken =
        one(
            probe()
                .expect(
                    "a price",
                    a -> {
                      throw new IllegalStateException("bug");
                    }));
    assertThat(broken.kind()).isEqualTo(FAILED);
    assertThat(broken.reason()).contains("whether there is a price could not be told");
  }

  @Test
  void requestIsSentAsItWasToldAndItsSecretsAreNeverShown() throws Exception {
    ProbeGate gate =
        probe()
            .method("POST")
            .body("application/json", "{\"card\":\"4711\"}")
            .header("Authorization", "Bearer hush")
            .host("shop.example")
            .expectStatus(201)
            .window(1, 1);
    Verdict verdict = gate.judge(GateMoments.of(GateMoments.web(server.uri())));
    gate.close();

    assertThat(server.heads().get(0))
        .startsWith("POST /price?x=1 HTTP/1.1")
        .contains("\r\nAuthorization: Bearer hush\r\n", "\r\nHost: shop.example\r\n")
        .contains("Content-Type: application/json");
    assertThat(verdict + " " + gate).doesNotContain("hush").doesNotContain("4711");
  }

  @Test
  void probeGoesThroughTheFrontDoorOrToTheAddressThatWasNamed() throws Exception {
    Service web = GateMoments.web(RefusingAddress.address());
    Service doored = web.frontDoor(server.uri().toString());
    assertThat(one(probe().throughFrontDoor(), doored).kind()).isEqualTo(PASSED);
    Verdict doorless = one(probe().throughFrontDoor(), web);
    assertThat(doorless.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(doorless.reason()).contains("no address");
    assertThat(one(ProbeGate.get(URI.create(server.uri() + "/deep?y=2")), web).kind())
        .isEqualTo(PASSED);
    assertThat(server.heads().get(1)).startsWith("GET /deep?y=2 ");
    Verdict tcp = one(probe(), GateMoments.web("tcp://127.0.0.1:9"));
    assertThat(tcp.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(tcp.reason()).contains("neither http nor https");
  }

  private Verdict one(ProbeGate gate) throws InterruptedException {
    return one(gate, GateMoments.web(server.uri()));
  }

  private static Verdict one(ProbeGate gate, Service... services) throws InterruptedException {
    try (ProbeGate single = gate.window(1, 1)) {
      return single.judge(GateMoments.of(services));
    }
  }

  private static Gate.Context another(Service service) {
    return moment("d-2", Phase.SHIFT, service);
  }

  private static Gate.Context moment(String deployment, Phase phase, Service service) {
    return GateMoments.of(
        deployment, phase, Duration.ofSeconds(10), Optional.of(Release.of("2")), service);
  }

  private static ProbeGate probe() {
    return ProbeGate.get("/price?x=1");
  }
}
