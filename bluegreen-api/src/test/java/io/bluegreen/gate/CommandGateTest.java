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
import io.bluegreen.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommandGateTest {
  @TempDir private Path directory;

  @Test
  void exitCodeIsTheVerdictAndTheLastLineTheReason() throws Exception {
    assertThat(judge("echo first; echo all is well; exit 0"))
        .isEqualTo(Verdict.passed("all is well"));
    assertThat(judge("echo '7 % errors' >&2; exit 1")).isEqualTo(Verdict.failed("7 % errors"));
    assertThat(judge("echo 'no orders yet'; echo; exit 2"))
        .isEqualTo(Verdict.inconclusive("no orders yet"));
    assertThat(judge("exit 0")).isEqualTo(Verdict.passed("sh ended with code 0"));
  }

  @Test
  void anyOtherEndIsInconclusiveWithTheReason() throws Exception {
    assertThat(judge("echo oops; exit 3").kind()).isEqualTo(INCONCLUSIVE);
    assertThat(judge("echo oops; exit 3").reason()).contains("code 3").endsWith("oops");
    assertThat(judge("kill -9 $$")).extracting(Verdict::kind).isEqualTo(INCONCLUSIVE);
    assertThat(judge("kill -9 $$").reason()).contains("137");
    Verdict missing = CommandGate.of(List.of("/nonexistent/program")).judge(GateMoments.web());
    assertThat(missing.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(missing.reason()).contains("/nonexistent/program could not be run");
  }

  @Test
  void programThatHangsIsKilledWithItsDescendants() throws Exception {
    Path pids = directory.resolve("pids");
    Verdict verdict =
        gate("sleep 600 & echo $! $$ > " + pids + "; echo still waiting; wait")
            .within(Duration.ofSeconds(3))
            .judge(GateMoments.web());

    assertThat(verdict.kind()).isEqualTo(INCONCLUSIVE);
    assertThat(verdict.reason()).isEqualTo("sh was killed after 3 s: still waiting");
    await().until(() -> processes(pids).stream().noneMatch(Optional::isPresent));
  }

  @Test
  void interruptionKillsTheProgram() throws Exception {
    Path pids = directory.resolve("pids");
    CommandGate gate = gate("echo $$ > " + pids + "; exec sleep 600").within(Duration.ofMinutes(5));
    FutureTask<Verdict> look = new FutureTask<>(() -> gate.judge(GateMoments.web()));
    Thread thread = new Thread(look, "look");
    thread.start();
    await().until(() -> Files.exists(pids) && !Files.readString(pids).isBlank());
    thread.interrupt();

    assertThatThrownBy(look::get).hasCauseInstanceOf(InterruptedException.class);
    await().until(() -> processes(pids).stream().noneMatch(Optional::isPresent));
  }

  @Test
  void reasonIsBoundedAndOnOneLine() throws Exception {
    Verdict verdict = judge("head -c 100000 /dev/zero | tr '\\0' x; printf '\\033[2J'; exit 1");
    assertThat(verdict.reason().length()).isLessThanOrEqualTo(300);
    assertThat(verdict.reason()).doesNotContain("\u001b");
  }

  @Test
  void programHasNoStandardInput() throws Exception {
    assertThat(judge("read -r line; echo \"read $?\"").reason()).isEqualTo("read 1");
  }

  @Test
  void environmentNamesTheColourThatIsJudged() throws Exception {
    Gate.Context moment =
        GateMoments.of(
            "d-1",
            Phase.BAKE,
            Duration.ofMillis(61_900),
            Optional.of(io.bluegreen.Release.of("1.4.2")),
            GateMoments.service("web", "http://127.0.0.1:1", "http://127.0.0.1:2"),
            GateMoments.service("chat", "http://127.0.0.1:3"));
    assertThat(environment(moment))
        .containsExactly(
            "BLUEGREEN_CANDIDATES=web/green chat/green",
            "BLUEGREEN_DEPLOYMENT=d-1",
            "BLUEGREEN_ENDPOINTS=http://127.0.0.1:1 http://127.0.0.1:2 http://127.0.0.1:3",
            "BLUEGREEN_GROUP=shop",
            "BLUEGREEN_HELD=61",
            "BLUEGREEN_LIVE=web/blue chat/blue",
            "BLUEGREEN_PHASE=BAKE",
            "BLUEGREEN_SPLIT=chat=25 web=25",
            "BLUEGREEN_VERSION=1.4.2");
  }

  @Test
  void versionThatIsNotKnownIsNotSet() throws Exception {
    Gate.Context moment =
        GateMoments.of(
            "d-1",
            Phase.SHIFT,
            Duration.ZERO,
            Optional.empty(),
            GateMoments.web("http://127.0.0.1:1"));
    assertThat(environment(moment)).noneMatch(line -> line.startsWith("BLUEGREEN_VERSION"));
  }

  @Test
  void emptyCommandIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CommandGate.of(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> CommandGate.of(List.of("a", "\0")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gate("true").within(Duration.ZERO))
        .withMessageStartingWith("longest:");
  }

  @Test
  void programDecidesADeployment() throws Exception {
    Path verdict = Files.writeString(directory.resolve("verdict"), "0");
    DeploymentWithGate good = DeploymentWithGate.web("http://192.0.2.1:7");
    assertThat(good.deploy(gate("exit $(cat " + verdict + ")")).outcome())
        .isEqualTo(Outcome.PROMOTED);

    DeploymentWithGate bad = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult back =
        bad.deploy(gate("[ $BLUEGREEN_PHASE = SHIFT ] || { echo orders are missing; exit 1; }"));
    assertThat(back.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(back.reason()).contains("orders are missing");
    assertThat(bad.live()).isEqualTo(Color.GREEN);
    assertThat(bad.verdicts()).extracting(Verdict::kind).contains(PASSED, FAILED);
  }

  @Test
  void programThatGivesNoVerdictNeverPromotes() {
    for (CommandGate gate :
        List.of(
            gate("exit 2"),
            gate("exit 127"),
            CommandGate.of(List.of("/nonexistent/program")),
            gate("exec sleep 600").within(Duration.ofMillis(50)))) {
      DeploymentWithGate story = DeploymentWithGate.web("http://192.0.2.1:7");
      DeploymentResult result = story.deploy(gate);
      assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
      assertThat(result.reason()).isNotBlank();
      assertThat(story.verdicts())
          .isNotEmpty()
          .allMatch(v -> v.kind() == INCONCLUSIVE && !v.reason().isBlank());
    }
  }

  private List<String> environment(Gate.Context moment) throws Exception {
    Path file = directory.resolve("environment");
    gate("env | grep ^BLUEGREEN_ | sort > " + file).judge(moment);
    return Files.readAllLines(file);
  }

  private static List<Optional<ProcessHandle>> processes(Path pids) throws IOException {
    return List.of(Files.readString(pids).trim().split("\\s+")).stream()
        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
        .toList();
  }

  private static Verdict judge(String script) throws Exception {
    return gate(script).judge(GateMoments.web());
  }

  private static CommandGate gate(String script) {
    return CommandGate.of(List.of("sh", "-c", script));
  }
}
