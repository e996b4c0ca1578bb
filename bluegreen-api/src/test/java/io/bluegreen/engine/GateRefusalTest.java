package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Gate;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RouterException;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A gate that could never judge is refused before anything is touched. */
class GateRefusalTest {
  private static final Watch WATCH =
      new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("comparison"));

  private final Shop shop = Shop.web();

  @Test
  void gateThatTheRoutersMeterCanNotFeedIsRefusedWhenTheManagerIsBuilt() {
    shop.router.measures(Measure.ERRORS, Measure.MEAN_LATENCY);
    ManagerBuilder builder = shop.builder().gate("p95", new Needs(Measure.LATENCY_DISTRIBUTION));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gate p95")
        .hasMessageContaining("LATENCY_DISTRIBUTION")
        .hasMessageContaining("[ERRORS, MEAN_LATENCY]");
    shop.builder().gate("errors", new Needs(Measure.ERRORS)).build().close();
  }

  @Test
  void bakeThatNamesAComparisonIsRefusedWhenTheManagerIsBuilt() {
    shop.policy = DeploymentPolicy.DEFAULT.bake(WATCH);
    ManagerBuilder builder = shop.builder().gate("comparison", new Needs(Measure.ERRORS));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bake: the gate comparison");
  }

  @Test
  void bakeThatNamesAComparisonIsRefusedWhenAnOperationIsRunOrPlanned() {
    shop.policy = DeploymentPolicy.DEFAULT.shift(WATCH, 10, 100);
    try (BlueGreenManager manager =
        shop.builder().gate("comparison", new Needs(Measure.ERRORS)).build()) {
      Operation deploy = Operation.deploy(Shop.V1).policy(DeploymentPolicy.DEFAULT.bake(WATCH));
      assertThatThrownBy(() -> manager.run(deploy)).hasMessageContaining("bake: the gate");
      assertThatThrownBy(() -> manager.plan(deploy)).hasMessageContaining("bake: the gate");
      assertThat(shop.running()).isEmpty();
    }
  }

  @Test
  void meterThatCanNotBeReadIsFoundBeforeAnythingIsTouchedIfSomethingNeedsIt() {
    Watch judged = new Watch(Duration.ofMinutes(1), Duration.ofSeconds(10), List.of("errors"));
    Watch counted = judged.gates(new String[0]).untilRequests(50, Duration.ofMinutes(5));
    shop.deploy(Shop.V1).orThrow();
    shop.router.meteredBy(
        () -> {
          throw new RouterException("no log; remedy: write one", RouterException.Effect.UNCHANGED);
        });
    try (BlueGreenManager manager =
        shop.builder().gate("errors", new Needs(Measure.ERRORS)).build()) {
      for (Watch watch : List.of(judged, counted)) {
        Operation deploy =
            Operation.deploy(Shop.V2).policy(DeploymentPolicy.DEFAULT.shift(watch, 10, 100));
        for (Executable way :
            List.<Executable>of(() -> manager.run(deploy), () -> manager.plan(deploy))) {
          assertThatThrownBy(way::execute)
              .isInstanceOf(OperationRefusedException.class)
              .hasMessageContaining("the router's meter")
              .hasMessageContaining("remedy: write one");
        }
      }
      assertThat(shop.running()).isEqualTo("web/green 1");
      assertThat(manager.history()).hasSize(1);
      assertThat(manager.deployNewVersion(Shop.V2).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  private record Needs(Measure measure) implements Gate {
    @Override
    public Verdict judge(Context context) {
      return Verdict.passed("");
    }

    @Override
    public Set<Measure> needs() {
      return Set.of(measure);
    }

    @Override
    public boolean comparesWithLive() {
      return true;
    }
  }
}
