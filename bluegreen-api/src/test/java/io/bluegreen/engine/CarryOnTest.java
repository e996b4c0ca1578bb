package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Verdict;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A deployment that was killed while it waited is carried on or superseded; a manager that lacks a
 * part of it is refused.
 */
class CarryOnTest {
  private static final Watch HALF_A_MINUTE =
      new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of());
  private static final DeploymentPolicy ASKING =
      DeploymentPolicy.DEFAULT.with(Option.ASK_FOR_APPROVAL);

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  private RunningDeployment waiting() {
    return shop.builder().store(shop.store.another()).build().running().orElseThrow();
  }

  /** Each kind of wait, killed in its middle. */
  enum Kind {
    HOLD,
    BAKE,
    APPROVAL,
    PAUSE
  }

  private DeploymentPolicy policy(Kind kind) {
    return switch (kind) {
      case HOLD -> DeploymentPolicy.DEFAULT.shift(HALF_A_MINUTE, 10, 100);
      case BAKE -> DeploymentPolicy.DEFAULT.bake(HALF_A_MINUTE);
      case APPROVAL -> ASKING;
      case PAUSE -> DeploymentPolicy.DEFAULT.shift(HALF_A_MINUTE, 10, 100);
    };
  }

  private void killed(Kind kind) {
    shop.policy = policy(kind);
    Incarnation life = new Incarnation();
    BlueGreenManager doomed = shop.builder(life).build();
    if (kind == Kind.PAUSE) {
      shop.time.after(Duration.ofSeconds(5), () -> waiting().pause("ann", "lunch"));
    }
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
  }

  @ParameterizedTest
  @EnumSource
  void waitThatWasKilledTwiceIsCarriedOnByTheThird(Kind kind) {
    killed(kind);
    Incarnation life = new Incarnation();
    shop.time.after(Duration.ofSeconds(7), life::die);
    assertThatThrownBy(() -> shop.builder(life).build().carryOn()).isInstanceOf(Crash.class);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    shop.time.jump(Duration.ofDays(-30));
    shop.time.after(
        Duration.ofMinutes(5),
        () -> {
          if (kind == Kind.APPROVAL) {
            waiting().approve("ann", "go");
          } else if (kind == Kind.PAUSE) {
            waiting().resume("ann", "back");
          }
        });

    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).describedAs(result.reason()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @ParameterizedTest
  @EnumSource
  void waitThatWasKilledIsSupersededByANewerRelease(Kind kind) {
    killed(kind);
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.SUPERSEDE);

    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 3");
    assertThat(shop.manager().history().get(1).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void managerWithoutAHookThatIsStillToRunIsNotAllowedToCarryOn() {
    shop.policy = policy(Kind.BAKE);
    Incarnation life = new Incarnation();
    BlueGreenManager doomed =
        shop.builder(life).hook(Phase.FINISH, "announce", context -> {}).build();
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);

    assertThatThrownBy(() -> shop.manager().carryOn()).hasMessageContaining("announce");

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
  }

  @Test
  void managerWithoutAGateIsNotAllowedToCarryOn() {
    shop.policy =
        DeploymentPolicy.DEFAULT.bake(
            new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of("g")));
    Incarnation life = new Incarnation();
    BlueGreenManager doomed = shop.builder(life).gate("g", context -> Verdict.passed("")).build();
    shop.time.after(Duration.ofSeconds(20), life::die);
    assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
    shop.policy = DeploymentPolicy.DEFAULT;

    assertThatThrownBy(() -> shop.manager().carryOn()).hasMessageContaining("the gate g");

    assertThat(shop.live("web")).isEqualTo(BLUE);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    waiting().abort("ann", "never mind");
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.MOVED_BACK);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void routerThatPromisesLessIsNotAllowedToCarryOn() {
    killed(Kind.HOLD);
    shop.router.without(RouterGuarantee.LOSSLESS);

    assertThatThrownBy(() -> shop.manager().carryOn())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("LOSSLESS");
    assertThat(shop.running()).isEqualTo("web/green 1, web/blue 2");
  }
}
