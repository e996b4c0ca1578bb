package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Service;
import io.bluegreen.Watch;
import io.bluegreen.testing.ScriptedHealthCheck;
import org.junit.jupiter.api.Test;

/** Several services that are switched together, background ones among them. */
class ServicesOfAGroupTest {
  private final Shop shop = Shop.web();

  @Test
  void groupMovesInOneSwitch() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    int moves = group.router.applied().size();

    assertThat(group.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(group.router.applied()).hasSize(moves + 1);
    assertThat(group.live("web")).isEqualTo(BLUE);
    assertThat(group.live("api")).isEqualTo(BLUE);
  }

  @Test
  void oneServiceOfAGroupIsDeployedAloneAndEachHasItsOwnLiveColour() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();

    group.manager().run(Operation.deploy(V2).service("api")).orThrow();

    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.live("api")).isEqualTo(BLUE);
    assertThat(group.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(group.live("web")).isEqualTo(BLUE);
    assertThat(group.live("api")).isEqualTo(GREEN);
  }

  @Test
  void oneSickServiceRejectsTheWholeGroup() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    group.health = ScriptedHealthCheck.of("api", BLUE, ScriptedHealthCheck.down("boom"));

    assertThat(group.deploy(V2).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, api/green 1");
  }

  @Test
  void groupOnARouterThatIsNotAtomicIsRefusedUnlessAccepted() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.router.without(RouterGuarantee.ATOMIC_GROUP);

    assertThatThrownBy(() -> group.deploy(V1))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("ATOMIC_GROUP");
    assertThat(group.running()).isEmpty();
    group.policy = DeploymentPolicy.DEFAULT.acceptWithout(RouterGuarantee.ATOMIC_GROUP);
    assertThat(group.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void backgroundServiceIsHandedOverAfterTheTrafficAndNeverRunsTwice() {
    Shop group = new Shop(Shop.web("web", 1), Service.background("bot"));
    group.deploy(V1).orThrow();
    assertThat(group.running()).isEqualTo("web/green 1, bot/green 1");

    group.deploy(V2).orThrow();

    assertThat(group.running()).isEqualTo("web/green 1, web/blue 2, bot/blue 2");
    assertThat(group.manager().rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, web/blue 2, bot/green 1");
  }

  @Test
  void backgroundServiceThatDoesNotComeUpIsHandedBack() {
    Shop group = new Shop(Shop.web("web", 1), Service.background("bot"));
    group.deploy(V1).orThrow();
    group.health = ScriptedHealthCheck.of("bot", BLUE, ScriptedHealthCheck.down("no heartbeat"));

    DeploymentResult result = group.deploy(V2);

    assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.running()).isEqualTo("web/green 1, bot/green 1");
  }

  @Test
  void serviceThatWasNeverDeployedHasAFirstDeploymentAlsoAfterTheOthersWereSwitched() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.manager().run(Operation.deploy(V1).service("web")).orThrow();
    group.policy = DeploymentPolicy.DEFAULT.shift(Watch.NONE, 10, 100);
    int moves = group.router.applied().size();

    group.manager().run(Operation.deploy(V1).service("api")).orThrow();

    assertThat(group.router.applied()).as("a first deployment is never gradual").hasSize(moves + 1);
    assertThat(group.live("api")).isEqualTo(GREEN);
    assertThatThrownBy(() -> group.manager().run(Operation.rollback().service("api")))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("nothing to go back to");
  }

  @Test
  void switchOfAGroupLeavesNothingToGoBackToWhereAServiceWasOnThatColourAlready() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2));
    group.deploy(V1).orThrow();
    group.manager().run(Operation.deploy(V2).service("api")).orThrow();

    group.manager().switchTraffic(GREEN).orThrow();

    assertThat(group.live("web")).isEqualTo(GREEN);
    assertThat(group.live("api")).isEqualTo(GREEN);
    assertThatThrownBy(() -> group.manager().run(Operation.rollback().service("web")))
        .isInstanceOf(OperationRefusedException.class);
    group.manager().rollback().orThrow();
    assertThat(group.live("api")).isEqualTo(BLUE);
    assertThat(group.live("web")).isEqualTo(GREEN);
  }
}
