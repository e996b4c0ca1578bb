package io.bluegreen.gate;

import static io.bluegreen.Verdict.Kind.FAILED;
import static io.bluegreen.Verdict.Kind.INCONCLUSIVE;
import static io.bluegreen.Verdict.Kind.PASSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Outcome;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GatesTest {
  private static final Gate GOOD = context -> Verdict.passed("good");
  private static final Gate BAD = context -> Verdict.failed("bad");
  private static final Gate UNSURE = context -> Verdict.inconclusive("unsure");
  private static final Gate BROKEN =
      context -> {
        throw new IllegalStateException("broken");
      };
  private static final Gate NULL = context -> null;

  @Test
  void gateOfAllPrefersFailedToInconclusiveAndThatToPassed() throws Exception {
    assertThat(kind(Gates.all(GOOD, GOOD))).isEqualTo(PASSED);
    assertThat(kind(Gates.all(GOOD, UNSURE))).isEqualTo(INCONCLUSIVE);
    assertThat(kind(Gates.all(UNSURE, BAD, GOOD))).isEqualTo(FAILED);
    assertThat(kind(Gates.all(BROKEN, GOOD))).isEqualTo(INCONCLUSIVE);
    assertThat(kind(Gates.all(NULL, GOOD))).isEqualTo(INCONCLUSIVE);
    assertThat(kind(Gates.all(NULL, BROKEN, BAD))).isEqualTo(FAILED);
  }

  @Test
  void gateOfAnyPrefersPassedToInconclusiveAndThatToFailed() throws Exception {
    assertThat(kind(Gates.any(BAD, UNSURE, GOOD))).isEqualTo(PASSED);
    assertThat(kind(Gates.any(BAD, UNSURE))).isEqualTo(INCONCLUSIVE);
    assertThat(kind(Gates.any(BAD, BAD))).isEqualTo(FAILED);
    assertThat(kind(Gates.any(BAD, BROKEN))).isEqualTo(INCONCLUSIVE);
    assertThat(kind(Gates.any(BAD, NULL))).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void warningGateReportsTheVerdictAndPasses() throws Exception {
    for (Gate gate : List.of(BAD, UNSURE, BROKEN, NULL)) {
      Verdict told = Gates.warnOnly(gate).judge(GateMoments.web());
      assertThat(told.kind()).isEqualTo(PASSED);
      assertThat(told.reason()).startsWith("warning only, ");
    }
    Verdict warned = Gates.warnOnly(BAD).judge(GateMoments.web());
    assertThat(warned.reason()).isEqualTo("warning only, FAILED: bad");
    assertThat(warned.figures()).containsEntry("verdict", "FAILED");
    assertThat(Gates.warnOnly(GOOD).judge(GateMoments.web()).reason()).isEqualTo("PASSED: good");
  }

  @Test
  void warningGateAsAPartIsReportedAndCountsForNothing() throws Exception {
    for (Gate gate : List.of(GOOD, BAD, UNSURE, BROKEN, NULL)) {
      Gate warning = Gates.warnOnly(gate);
      assertThat(kind(Gates.all(GOOD, warning))).isEqualTo(PASSED);
      assertThat(kind(Gates.all(UNSURE, warning))).isEqualTo(INCONCLUSIVE);
      assertThat(kind(Gates.any(BAD, warning))).as("no pass of its own").isEqualTo(FAILED);
      assertThat(Gates.all(BAD, warning).judge(GateMoments.web()).figures())
          .containsKey("warnOnly of [gate 1] verdict");
    }
    assertThat(Gates.all(GOOD, Gates.warnOnly(BAD)).decides()).isTrue();
    assertThat(Gates.all(Gates.warnOnly(BAD)).decides()).isFalse();
    assertThat(Gates.warnOnly(GOOD).decides()).isFalse();
  }

  @Test
  @Timeout(60)
  void warningGateThatHangsAsAPartDelaysNobody() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Gate hanging =
        context -> {
          try {
            never.await();
            return Verdict.passed("never");
          } finally {
            interrupted.countDown();
          }
        };
    try (Gate whole = Gates.all(Gates.warnOnly(hanging), BAD)) {
      Verdict verdict = whole.judge(GateMoments.web());
      assertThat(verdict.kind()).isEqualTo(FAILED);
      assertThat(verdict.reason()).isEqualTo("gate 2: bad");
      assertThat(verdict.figures()).containsEntry("warnOnly of [gate 1] verdict", "INCONCLUSIVE");
      interrupted.await();
    }
  }

  @Test
  void everyGateIsAskedNoMatterWhatTheOthersSaid() throws Exception {
    List<String> asked = new ArrayList<>();
    Gates.all(BAD, BROKEN, asking(asked)).judge(GateMoments.web());
    Gates.any(GOOD, BROKEN, asking(asked)).judge(GateMoments.web());
    assertThat(asked).hasSize(2);
  }

  @Test
  void reasonNamesTheGatesThatDecidedAndFiguresAreOfAll() throws Exception {
    Gate measured = context -> new Verdict(FAILED, "too slow", Map.of("p95", "7 s"));
    Verdict verdict = Gates.all(GOOD, measured, new Named("third")).judge(GateMoments.web());

    assertThat(verdict.reason()).isEqualTo("gate 2: too slow; third: no");
    assertThat(verdict.figures()).containsEntry("gate 2 p95", "7 s");
  }

  @Test
  void compositesNest() throws Exception {
    assertThat(kind(Gates.all(GOOD, Gates.any(BAD, GOOD), Gates.warnOnly(BAD)))).isEqualTo(PASSED);
    assertThat(Gates.all(GOOD, Gates.any(BAD)).toString())
        .isEqualTo("all of [gate 1, any of [gate 1]]");
  }

  @Test
  void interruptionEndsTheWholeLook() {
    List<String> asked = new ArrayList<>();
    Gate interrupted =
        context -> {
          throw new InterruptedException();
        };
    Gate careless =
        context -> {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted");
        };
    for (Gate gate : List.of(interrupted, careless)) {
      assertThatThrownBy(() -> Gates.any(gate, asking(asked)).judge(GateMoments.web()))
          .isInstanceOf(InterruptedException.class);
      assertThatThrownBy(() -> Gates.warnOnly(gate).judge(GateMoments.web()))
          .isInstanceOf(InterruptedException.class);
    }
    assertThat(asked).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void closingClosesEachPartOnceAlsoIfAnotherThrows() {
    Named first = new Named("first");
    Named second = new Named("second");
    Gate whole = Gates.all(first, Gates.warnOnly(second), first);

    assertThatThrownBy(whole::close).hasMessageContaining("does not close");
    assertThat(first.closed).isEqualTo(1);
    assertThat(second.closed).isEqualTo(1);
  }

  @Test
  void needsOfThePartsAreNeedsOfTheWhole() {
    assertThat(Gates.all(new Named("a"), GOOD).needs()).containsExactly(Measure.ERRORS);
    assertThat(Gates.all(new Named("a"), GOOD).comparesWithLive()).isTrue();
    assertThat(Gates.warnOnly(GOOD).needs()).isEmpty();
    assertThat(Gates.any(GOOD, BAD).comparesWithLive()).isFalse();
  }

  @Test
  void emptyListOfGatesIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(Gates::all).withMessageStartingWith("gates:");
    assertThatIllegalArgumentException().isThrownBy(Gates::any).withMessageStartingWith("gates:");
  }

  @Test
  void badGateOfAllRollsADeploymentBackAndAWarningDoesNot() {
    DeploymentWithGate bad = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult back = bad.deploy(Gates.all(GOOD, BAD));
    assertThat(back.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(back.reason()).contains("gate 2: bad");
    assertThat(bad.live()).isEqualTo(Color.GREEN);

    DeploymentWithGate warned = DeploymentWithGate.web("http://192.0.2.1:7");
    DeploymentResult promoted = warned.deploy(Gates.all(GOOD, Gates.warnOnly(BAD)));
    assertThat(promoted.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(warned.verdicts()).allMatch(v -> v.figures().containsValue("FAILED"));
  }

  private static Verdict.Kind kind(Gate gate) throws Exception {
    return gate.judge(GateMoments.web()).kind();
  }

  private static Gate asking(List<String> asked) {
    return context -> {
      asked.add(context.deploymentId());
      return Verdict.passed("asked");
    };
  }

  private static final class Named implements Gate {
    private final String name;
    private int closed;

    Named(String name) {
      this.name = name;
    }

    @Override
    public Set<Measure> needs() {
      return EnumSet.of(Measure.ERRORS);
    }

    @Override
    public boolean comparesWithLive() {
      return true;
    }

    @Override
    public Verdict judge(Context context) {
      return Verdict.failed("no");
    }

    @Override
    public void close() {
      closed++;
      throw new IllegalStateException(name + " does not close");
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
