package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.Outcome;
import io.bluegreen.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HealthGateTest {
  private static final HealthCheck UP = HealthCheck.blocking(instance -> Health.up("fine"));
  private final Gate.Context moment =
      GateMoments.of(
          GateMoments.service("web", "http://127.0.0.1:1101", "http://127.0.0.1:1102"),
          GateMoments.service("chat", "http://127.0.0.1:1103"));

  @Test
  void everyInstanceOfTheCandidateIsProbedAndNoOther() throws Exception {
    Set<Instance> probed = ConcurrentHashMap.newKeySet();
    Verdict verdict = judge(HealthGate.of(recording(probed)));

    assertThat(verdict.kind()).isEqualTo(PASSED);
    assertThat(verdict.figures()).containsExactly(java.util.Map.entry("candidate", "3 of 3 up"));
    assertThat(probed)
        .extracting(Instance::toString)
        .containsExactlyInAnyOrder(
            "web/green[0] http://127.0.0.1:1101",
            "web/green[1] http://127.0.0.1:1102",
            "chat/green[0] http://127.0.0.1:1103");
  }

  @Test
  void instanceThatIsDownFailsTheGateAndIsNamed() throws Exception {
    Verdict verdict =
        judge(
            HealthGate.of(
                HealthCheck.blocking(instance -> new Health(instance.index() == 0, "disk full"))));

    assertThat(verdict.kind()).isEqualTo(FAILED);
    assertThat(verdict.reason()).isEqualTo("web/green[1] http://127.0.0.1:1102 DOWN (disk full)");
    assertThat(verdict.figures()).containsEntry("candidate", "2 of 3 up");
  }

  @Test
  void probeThatHangsThrowsOrAnswersNullIsDown() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Health> open = new CompletableFuture<>();
    List<HealthCheck> wrong =
        List.of(
            instance -> open,
            instance -> {
              hangOn(never);
              return CompletableFuture.completedFuture(Health.up("too late"));
            },
            instance -> CompletableFuture.failedFuture(new IllegalStateException("bug")),
            instance -> {
              throw new IllegalStateException("bug");
            },
            instance -> {
              throw new AssertionError("bug");
            },
            HealthGateTest::nothing,
            HealthCheck.blocking(HealthGateTest::noHealth));
    for (HealthCheck check : wrong) {
      Verdict verdict =
          judge(HealthGate.of(UP).service("chat", check).within(Duration.ofSeconds(2)));
      assertThat(verdict.kind()).isEqualTo(FAILED);
      assertThat(verdict.reason()).startsWith("chat/green[0]").contains("DOWN");
      assertThat(verdict.figures()).containsEntry("candidate", "2 of 3 up");
    }
    assertThat(open).isCancelled();
    never.countDown();
  }

  @Test
  void hangingProbesShareOneLimit() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    HealthCheck hanging =
        instance -> {
          begun.incrementAndGet();
          CompletableFuture<Health> open = new CompletableFuture<>();
          CompletableFuture<?> unused = open.whenComplete((h, e) -> ended.incrementAndGet());
          return open;
        };
    judge(HealthGate.of(hanging).within(Duration.ofMillis(100)));

    assertThat(begun).hasValue(3);
    assertThat(ended).hasValue(3);
  }

  @Test
  void sickLiveColourIsReportedAndDoesNotDecide() throws Exception {
    HealthCheck green = HealthCheck.blocking(i -> new Health(i.color() == Color.GREEN, "x"));
    Verdict verdict = judge(HealthGate.of(green).watchLive());

    assertThat(verdict.kind()).isEqualTo(PASSED);
    assertThat(verdict.reason()).contains("the live colour is sick: web/blue[0]");
    assertThat(verdict.figures()).containsEntry("live", "0 of 2 up");
    assertThat(judge(HealthGate.of(green)).reason()).isEqualTo("every instance is up");
    Verdict both = judge(HealthGate.of(HealthCheck.blocking(i -> Health.down("x"))).watchLive());
    assertThat(both.kind()).isEqualTo(FAILED);
    assertThat(both.reason()).contains("web/green[0]").contains("the live colour is sick");
  }

  @Test
  void interruptionEndsTheProbes() throws Exception {
    CountDownLatch begun = new CountDownLatch(3);
    Set<CompletableFuture<Health>> open = ConcurrentHashMap.newKeySet();
    HealthGate gate =
        HealthGate.of(
                instance -> {
                  CompletableFuture<Health> answer = new CompletableFuture<>();
                  open.add(answer);
                  begun.countDown();
                  return answer;
                })
            .within(Duration.ofMinutes(5));
    FutureTask<Verdict> look = new FutureTask<>(() -> gate.judge(moment));
    Thread thread = new Thread(look, "look");
    thread.start();
    begun.await();
    thread.interrupt();

    assertThatThrownBy(look::get).hasCauseInstanceOf(InterruptedException.class);
    await().until(() -> open.stream().allMatch(CompletableFuture::isCancelled));
    gate.close();
  }

  @Test
  void closingEndsTheThreadsAndClosesTheCheckAndALaterLookOpensItAgain() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    HealthCheck check =
        new HealthCheck() {
          @Override
          public CompletableFuture<Health> probe(Instance instance) {
            threads.add(Thread.currentThread());
            return CompletableFuture.completedFuture(Health.up(""));
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    HealthGate gate = HealthGate.of(check).service("chat", check);
    assertThat(gate.judge(moment).kind()).isEqualTo(PASSED);
    gate.close();

    assertThat(closed).hasValue(1);
    await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    assertThat(gate.judge(moment).kind()).isEqualTo(PASSED);
    gate.close();
  }

  @Test
  void sickCandidateRollsADeploymentBack() {
    AtomicBoolean sick = new AtomicBoolean();
    DeploymentWithGate story = DeploymentWithGate.web("http://192.0.2.1:7");
    HealthGate gate =
        HealthGate.of(HealthCheck.blocking(i -> new Health(!sick.get(), "deep check says no")));
    assertThat(story.deploy(gate).outcome()).isEqualTo(Outcome.PROMOTED);

    sick.set(true);
    DeploymentWithGate bad = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult result = bad.deploy(gate);
    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("web/blue[0]").contains("deep check says no");
  }

  private Verdict judge(HealthGate gate) throws InterruptedException {
    try (gate) {
      return gate.judge(moment);
    }
  }

  private static HealthCheck recording(Set<Instance> probed) {
    return HealthCheck.blocking(
        instance -> {
          probed.add(instance);
          return Health.up("");
        });
  }

  private static void hangOn(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("NullAway") // An implementation without a null check may return null.
  private static CompletableFuture<Health> nothing(Instance instance) {
    return null;
  }

  @SuppressWarnings("NullAway")
  private static Health noHealth(Instance instance) {
    return null;
  }
}
