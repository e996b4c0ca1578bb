package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentResult;
import io.bluegreen.Gate;
import io.bluegreen.Outcome;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests gates that misbehave. */
class WatchAttackTest {
  private static final Verdict PASSED = Verdict.passed("fine");
  private static final Verdict FAILED = Verdict.failed("5 % errors");
  private static final Verdict SILENT = Verdict.inconclusive("no data");
  private static final Watch MINUTE =
      new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g"));

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  private DeploymentResult bake(Watch watch, Gate gate) {
    shop.policy = shop.policy.bake(watch);
    return shop.builder().gate("g", gate).build().deployNewVersion(V2);
  }

  /**
   * Returns a gate that passes when the hold starts, then gives these verdicts, then passes again.
   */
  private static Gate says(Verdict... verdicts) {
    Iterator<Verdict> script = Arrays.asList(verdicts).iterator();
    return context -> !context.held().isZero() && script.hasNext() ? script.next() : PASSED;
  }

  static Stream<Gate> wickedGates() {
    return Stream.of(
        context -> {
          throw new InterruptedException("of my own");
        },
        context -> {
          context.candidates().clear();
          return PASSED;
        },
        context -> {
          context.live().add(context.candidates().get(0));
          return PASSED;
        },
        context -> {
          context.split().green().clear();
          return PASSED;
        },
        context -> new Verdict(null, "of no kind", Map.of()),
        context -> Verdict.passed(null),
        context -> {
          throw new NoClassDefFoundError("optional");
        },
        context -> {
          throw new OutOfMemoryError("pretended");
        });
  }

  @ParameterizedTest
  @MethodSource("wickedGates")
  void gateThatIsWrongIsNeverAPassAndNeverAnAbort(Gate wicked) {
    DeploymentResult result = bake(MINUTE, wicked);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("gave no verdict in time");
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @ParameterizedTest
  @MethodSource("wickedGates")
  void gateThatIsWrongOnceHoldsNothingUpForEver(Gate wicked) {
    int[] asked = new int[1];
    assertThat(bake(MINUTE, context -> asked[0]++ < 3 ? wicked.judge(context) : PASSED).outcome())
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void silenceBetweenFailuresIsNoPass() {
    DeploymentResult result =
        bake(MINUTE.failuresInARow(3), says(FAILED, SILENT, FAILED, SILENT, FAILED));

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("3 times in a row");
  }

  @Test
  void oneGateIsNotCountedTwice() {
    assertThatThrownBy(
            () -> new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("g", "g")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gates")
        .hasMessageContaining("g");
  }

  @Test
  void verdictWithoutEndDoesNotFillTheRecord() {
    Map<String, String> figures = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      figures.put("figure " + i, "x".repeat(300));
    }
    DeploymentResult result =
        bake(MINUTE, context -> new Verdict(Verdict.Kind.FAILED, "bad", figures));

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(result.reason()).contains("bad").hasSizeLessThan(5_000);
    assertThat(shop.store.load().orElseThrow()).hasSizeLessThan(50_000);
  }
}
