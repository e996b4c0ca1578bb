package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Outcome;
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
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProbeGateTest {
  private static final String OK = RawServer.response("200 OK", "", "price: 7");

  private static final String ERROR = RawServer.response("500 Oops", "", "secret stack trace");

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
  void gateGivesNoVerdictBelowTheMinimumAndPassesFromThere() throws Exception {
    try (ProbeGate gate = probe().window(10, 3)) {
      Gate.Context moment = GateMoments.of(GateMoments.web(server.uri()));
      Verdict first = gate.judge(moment);
      assertThat(first.kind()).isEqualTo(INCONCLUSIVE);
      assertThat(first.reason()).isEqualTo("web/green: 1 probes of the 3 that are needed");
      assertThat(gate.judge(moment).kind()).isEqualTo(INCONCLUSIVE);
      Verdict third = gate.judge(moment);
      assertThat(third.kind()).isEqualTo(PASSED);
      assertThat(third.figures()).containsEntry("web/green probes", "3");
      assertThat(server.heads()).hasSize(3).allMatch(head -> head.startsWith("GET /price?x=1 "));
    }
  }

  @Test
  void tooManyFailuresFailTheGateAndItStaysFailed() throws Exception {
    try (ProbeGate gate = probe().window(10, 4).failureRate(50)) {
      looks(gate, 3);
      answer = ERROR;
      assertThat(look(gate).kind()).isEqualTo(PASSED);
      look(gate);
      Verdict open = look(gate);

      assertThat(open.kind()).isEqualTo(FAILED);
      assertThat(open.reason())
          .startsWith("web/green: of the last 6 probes 3 failed (limit 50 %)")
          .contains("last failure: GET /price?... to " + server.uri().getAuthority())
          .contains("expected status 2xx, but was 500")
          .doesNotContain("stack trace");
      answer = OK;
      looks(gate, 12);
      assertThat(look(gate).kind()).isEqualTo(FAILED);
    }
  }

  @Test
  void singleFailurePassesByDefaultAndTwoInFiveDoNot() throws Exception {
    try (ProbeGate gate = probe()) {
      answer = ERROR;
      look(gate);
      answer = OK;
      looks(gate, 3);
      assertThat(look(gate).kind()).isEqualTo(PASSED);
    }
    try (ProbeGate gate = probe()) {
      answer = ERROR;
      looks(gate, 2);
      answer = OK;
      looks(gate, 2);
      assertThat(look(gate).kind()).isEqualTo(FAILED);
    }
  }

  @Test
  void tooManySlowAnswersFailTheGate() throws Exception {
    try (RawServer slow =
            RawServer.playing(
                (socket, out) -> {
                  Thread.sleep(60);
                  out.write(OK.getBytes(StandardCharsets.UTF_8));
                });
        ProbeGate gate = probe().window(2, 2).slow(Duration.ofMillis(50), 100)) {
      Gate.Context moment = GateMoments.of(GateMoments.web(slow.uri()));
      assertThat(gate.judge(moment).kind()).isEqualTo(INCONCLUSIVE);
      Verdict verdict = gate.judge(moment);
      assertThat(verdict.kind()).isEqualTo(FAILED);
      assertThat(verdict.reason()).contains("0 failed").contains("2 were slow (limit 100 %)");
    }
  }

  @Test
  void probesThatHaveComeDueSinceTheLastLookAreSentHoweverOftenTheGateIsAsked() throws Exception {
    Gate.Context moment = GateMoments.of(GateMoments.web(server.uri()));
    try (ProbeGate gate = probe().every(Duration.ofSeconds(10))) {
      assertSent(gate, moment, 10, 1); // the first look of a hold sends one
      assertSent(gate, moment, 12, 0);
      assertSent(gate, moment, 19, 0);
      assertSent(gate, moment, 21, 1); // due since 20
      assertSent(gate, moment, 50, 3); // at 30, 40 and 50
      assertSent(gate, moment, 59, 0);
      assertSent(gate, moment, 60 * 60, PhaseProbes.MOST_DUE);
      assertSent(gate, GateMoments.split(moment, 50), 60 * 60, 1); // another hold
      assertSent(gate, GateMoments.split(moment, 50), 10, 1); // and another
    }
  }

  @Test
  void everyInstanceIsProbedAndEachServiceIsCountedByItself() throws Exception {
    try (RawServer other = RawServer.answering(ERROR);
        ProbeGate gate = probe().window(2, 2)) {
      String good = server.uri().toString();
      Service web =
          GateMoments.service(
              "web", good, server.uri("http").toString().replace("127.0.0.1", "localhost"));
      Service chat = GateMoments.service("chat", other.uri().toString());
      gate.judge(GateMoments.of(web, chat));
      Verdict verdict = gate.judge(GateMoments.of(web, chat));

      assertThat(server.heads()).hasSize(4);
      assertThat(verdict.kind()).isEqualTo(FAILED);
      assertThat(verdict.reason()).startsWith("chat/green: ").doesNotContain("web/green");
      assertThat(verdict.figures()).containsEntry("web/green failed", "0");
      assertThat(one(probe().services("web"), web, chat).kind()).isEqualTo(PASSED);
      assertThat(one(probe().services("absent"), web, chat).kind()).isEqualTo(INCONCLUSIVE);
    }
  }

  @Test
  void countsStartAgainInEachPhaseOfEachDeployment() throws Exception {
    try (ProbeGate gate = probe().window(1, 1)) {
      Service web = GateMoments.web(server.uri());
      answer = ERROR;
      assertThat(gate.judge(moment("d-1", Phase.SHIFT, web)).kind()).isEqualTo(FAILED);
      answer = OK;
      assertThat(gate.judge(moment("d-1", Phase.BAKE, web)).kind()).isEqualTo(PASSED);
      assertThat(gate.judge(moment("d-2", Phase.SHIFT, web)).kind()).isEqualTo(PASSED);
      assertThat(gate.judge(moment("d-1", Phase.SHIFT, web)).kind()).isEqualTo(FAILED);
      for (int i = 0; i < 100; i++) { // what is kept is bounded
        gate.judge(moment("other-" + i, Phase.SHIFT, web));
      }
      assertThat(gate.judge(moment("d-1", Phase.SHIFT, web)).kind()).isEqualTo(PASSED);
    }
  }

  @Test
  void interruptionEndsTheProbe() throws Exception {
    try (RawServer mute = RawServer.playing((socket, out) -> Thread.sleep(60_000));
        ProbeGate gate = probe().within(Duration.ofMinutes(1))) {
      FutureTask<Verdict> look =
          new FutureTask<>(() -> gate.judge(GateMoments.of(GateMoments.web(mute.uri()))));
      Thread thread = new Thread(look, "look");
      thread.start();
      mute.asked().await();
      thread.interrupt();
      assertThatThrownBy(look::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void closingEndsTheThreadsAndALaterLookOpensItAgain() throws Exception {
    Set<Thread> before = threads();
    ProbeGate gate = probe();
    looks(gate, 2);
    Set<Thread> mine = threads();
    mine.removeAll(before);
    assertThat(mine).isNotEmpty();
    gate.close();

    await().until(() -> mine.stream().noneMatch(Thread::isAlive));
    assertThat(look(gate).reason()).contains("1 probes of the 5");
    gate.close();
  }

  @Test
  void impossibleSettingsAreRefused() {
    refuses(() -> ProbeGate.get("no-slash"), "path");
    refuses(() -> ProbeGate.get(URI.create("ftp://127.0.0.1/")), "address");
    refuses(() -> ProbeGate.get(URI.create("http://ann:pw@127.0.0.1/")), "address");
    refuses(() -> probe().services(), "services");
    refuses(() -> probe().window(5, 6), "size and minimum");
    refuses(() -> probe().window(0, 0), "size and minimum");
    refuses(() -> probe().failureRate(0), "percent");
    refuses(() -> probe().slow(Duration.ofSeconds(1), 101), "percent");
    refuses(() -> probe().slow(Duration.ZERO, 50), "from");
    refuses(() -> probe().every(Duration.ZERO), "interval");
    refuses(() -> probe().within(Duration.ofSeconds(-1)), "longest");
    refuses(() -> probe().expectStatus(), "status");
    refuses(() -> probe().expectStatus(99), "status");
    refuses(() -> probe().header("Host", "x"), "header");
  }

  @Test
  void candidateThatTurnsBadIsRolledBackAndAGoodOneIsPromoted() {
    ProbeGate gate = probe().window(10, 3); // The hold begins with one.
    DeploymentWithGate good = DeploymentWithGate.web(server.uri().toString());
    assertThat(good.deploy(gate).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(good.verdicts()).extracting(Verdict::kind).contains(INCONCLUSIVE, PASSED);

    answer = ERROR;
    DeploymentWithGate bad = DeploymentWithGate.web(server.uri().toString());
    DeploymentResult back = bad.deploy(gate);
    assertThat(back.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(back.reason()).contains("3 probes 3 failed").contains("but was 500");
    assertThat(bad.live()).isEqualTo(Color.GREEN);
  }

  @Test
  void tooFewProbesNeverPromote() {
    DeploymentWithGate story = DeploymentWithGate.web(server.uri().toString());
    DeploymentResult result = story.deploy(probe().window(1_000, 1_000));
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).isNotBlank();
    assertThat(story.verdicts()).isNotEmpty().allMatch(v -> v.kind() == INCONCLUSIVE);
  }

  private void assertSent(ProbeGate gate, Gate.Context moment, int held, int expected)
      throws InterruptedException {
    int before = server.heads().size();
    gate.judge(GateMoments.held(moment, Duration.ofSeconds(held)));
    assertThat(server.heads()).hasSize(before + expected);
  }

  private void looks(ProbeGate gate, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      look(gate);
    }
  }

  private Verdict look(ProbeGate gate) throws InterruptedException {
    return gate.judge(GateMoments.of(GateMoments.web(server.uri())));
  }

  private Verdict one(ProbeGate gate) throws InterruptedException {
    return one(gate, GateMoments.web(server.uri()));
  }

  private static Verdict one(ProbeGate gate, Service... services) throws InterruptedException {
    try (ProbeGate single = gate.window(1, 1)) {
      return single.judge(GateMoments.of(services));
    }
  }

  private static Gate.Context moment(String deployment, Phase phase, Service service) {
    return GateMoments.of(
        deployment, phase, Duration.ofSeconds(10), Optional.of(Release.of("2")), service);
  }

  private static ProbeGate probe() {
    return ProbeGate.get("/price?x=1");
  }

  private static void refuses(Runnable making, String argument) {
    assertThatIllegalArgumentException().isThrownBy(making::run).withMessageStartingWith(argument);
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("bluegreen-http"))
        .collect(Collectors.toSet());
  }
}
