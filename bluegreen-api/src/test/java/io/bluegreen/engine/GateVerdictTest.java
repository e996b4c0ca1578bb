package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Outcome;
import io.bluegreen.TrafficEvent;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the verdicts of gates: how often gates are asked, and which verdicts decide. */
class GateVerdictTest {
  private static final Verdict PASSED = Verdict.passed("fine");
  private static final Verdict FAILED = Verdict.failed("5 % errors");

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  private static Watch watch(String... gates) {
    return new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of(gates));
  }

  private DeploymentResult deployWithVerdicts(Watch bake, Verdict... verdicts) {
    shop.policy = DeploymentPolicy.DEFAULT.bake(bake);
    Iterator<Verdict> script = Arrays.asList(verdicts).iterator();
    return shop.builder()
        .gate("g", context -> !context.held().isZero() && script.hasNext() ? script.next() : PASSED)
        .build()
        .deployNewVersion(V2);
  }

  @Test
  void failuresBelowThePolicysNumberInARowDoNotDecide() {
    Watch patient = watch("g").failuresInARow(3);

    assertThat(deployWithVerdicts(patient, FAILED, FAILED, PASSED, FAILED, FAILED).outcome())
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void asManyFailuresInARowAsThePolicySaysDecide() {
    DeploymentResult result =
        deployWithVerdicts(watch("g").failuresInARow(3), PASSED, FAILED, FAILED, FAILED);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 times in a row").contains("5 % errors");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void asManyFailuresInAllAsThePolicySaysDecide() {
    DeploymentResult result =
        deployWithVerdicts(
            watch("g").failuresInARow(3).failuresInAll(3), FAILED, PASSED, FAILED, PASSED, FAILED);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 times in all");
  }

  @Test
  void lastVerdictsOfTheGatesAreTheReasonAtTheDeadline() {
    Verdict few = new Verdict(Verdict.Kind.INCONCLUSIVE, "too few", Map.of("requests", "12 of 50"));
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("g", "good", "broken"));

    DeploymentResult result =
        shop.builder()
            .gate("g", context -> few)
            .gate("good", context -> PASSED)
            .gate("broken", context -> null)
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason())
        .contains(
            "gave no verdict in time: last: g INCONCLUSIVE: too few {requests=12 of 50}; "
                + "broken INCONCLUSIVE: the gate answered null")
        .doesNotContain("good PASSED");
  }

  @Test
  void eachHoldShowsItsGatesWhereItBeginsAndThatIsNoVerdict() {
    shop.policy = DeploymentPolicy.DEFAULT.shift(watch("g"), 10, 100).bake(watch("g"));
    List<String> asked = new ArrayList<>();

    DeploymentResult result =
        shop.builder()
            .gate(
                "g",
                context -> {
                  asked.add(context.phase() + " " + context.held().toSeconds());
                  return context.held().isZero() ? FAILED : PASSED;
                })
            .build()
            .deployNewVersion(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(asked)
        .containsExactly(
            "SHIFT 0",
            "SHIFT 10",
            "SHIFT 20",
            "SHIFT 30",
            "SHIFT 40",
            "SHIFT 50",
            "SHIFT 60",
            "BAKE 0",
            "BAKE 10",
            "BAKE 20",
            "BAKE 30",
            "BAKE 40",
            "BAKE 50",
            "BAKE 60");
    assertThat(shop.events.events(TrafficEvent.GateJudged.class)).hasSize(12);
  }

  @Test
  void gateThatTakesItsTimeIsAskedAsOftenAsAnyOther() {
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("g"));
    List<Long> asked = new ArrayList<>();

    shop.builder()
        .gate(
            "g",
            context -> {
              asked.add(context.held().toSeconds());
              shop.time.sleep(Duration.ofSeconds(4));
              return PASSED;
            })
        .build()
        .deployNewVersion(V2)
        .orThrow();

    assertThat(asked).containsExactly(0L, 10L, 20L, 30L, 40L, 50L, 60L);
  }

  static Stream<Gate> uselessGates() {
    return Stream.of(
        context -> FAILED,
        context -> Verdict.inconclusive("no data"),
        context -> null,
        context -> {
          throw new IllegalStateException("broken");
        },
        context -> {
          throw new StackOverflowError();
        });
  }

  @ParameterizedTest
  @MethodSource("uselessGates")
  void gateThatDoesNotDecideIsReportedAndHoldsNothingUp(Gate useless) {
    assertThat(deployWithWarning(useless).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.events.events(TrafficEvent.GateJudged.class))
        .hasSize(6)
        .noneMatch(judged -> judged.verdict().kind() == Verdict.Kind.PASSED);
  }

  @Test
  void gateThatDoesNotDecideHoldsNothingUpEvenIfItHangs() {
    DeploymentResult result =
        deployWithWarning(
            context -> {
              shop.time.hang();
              return PASSED;
            });
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.events.events(TrafficEvent.GateJudged.class))
        .hasSize(6)
        .allMatch(judged -> judged.verdict().reason().contains("no answer within"));
  }

  private DeploymentResult deployWithWarning(Gate asked) {
    shop.policy = DeploymentPolicy.DEFAULT.bake(watch("warning"));
    return shop.builder()
        .gate(
            "warning",
            new Gate() {
              @Override
              public boolean decides() {
                return false;
              }

              @Override
              public Verdict judge(Context context) throws Exception {
                return asked.judge(context);
              }
            })
        .build()
        .deployNewVersion(V2);
  }
}
