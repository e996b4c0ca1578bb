package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.DriftException;
import io.bluegreen.Group;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.testing.FakeRouter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A switch that {@link Switch#admit} refuses changes nothing, and the remedies in its message work
 * to the letter.
 */
class RefusedSwitchTest {
  private final Shop shop = new Shop(Shop.web("web", 1));
  private Color live;

  @BeforeEach
  void deployOnce() {
    shop.deploy(Shop.V1).orThrow();
    live = shop.live("web");
  }

  @Test
  void managerThatWasOvertakenActsAgainWhenTheOperationIsStartedAgain() {
    DeploymentResult refused = deployWhile(() -> another(0, Long.MAX_VALUE / 100));
    assertThat(refused.reason())
        .contains("another manager has taken over the group")
        .contains("start the operation again");
    assertThat(shop.deploy(Shop.V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void lateSwitchIsMadeWhenTheOperationIsStartedAgainOrTheRecordIsAdopted() {
    DeploymentResult refused = deployWhile(() -> another(50, 0));
    assertThat(refused.reason())
        .contains("so that it comes late, or the store is older than the proxy")
        .contains("start the operation again, or call recover(ADOPT, who) where it says");
    assertThatThrownBy(() -> shop.deploy(Shop.V2))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("RECORD_BEHIND");
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");
    assertThat(shop.deploy(Shop.V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void trafficThatAPersonMovedIsLeftAloneUntilItIsRepaired() {
    DeploymentResult refused = deployWhile(() -> shop.router.switchByHand("web", live.other(), 50));
    assertThat(refused.reason())
        .contains("the proxy serves neither")
        .contains("call recover(ADOPT, who) or recover(REPAIR, who)");
    shop.manager().recover(RecoveryChoice.REPAIR, "ann");
    assertThat(shop.live("web")).isEqualTo(live);
    assertThat(shop.deploy(Shop.V2).outcome()).isEqualTo(Outcome.PROMOTED);
  }

  /** Deploys while somebody acts at the proxy, at the moment when the switch is asked for. */
  private DeploymentResult deployWhile(Runnable somebodyActs) {
    AtomicBoolean done = new AtomicBoolean();
    InvocationHandler meddled =
        (proxy, method, arguments) -> {
          if (method.getName().equals("apply") && done.compareAndSet(false, true)) {
            somebodyActs.run();
          }
          try {
            return method.invoke(shop.router, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    Class<?>[] router = {Router.class};
    DeploymentResult result =
        shop.builder()
            .router((Router) Proxy.newProxyInstance(Router.class.getClassLoader(), router, meddled))
            .build()
            .deployNewVersion(Shop.V2);
    assertThat(result.achieved()).isFalse();
    assertThat(result.reason()).contains(" was refused: ").contains("nothing was changed");
    return result;
  }

  /** Lets another manager's router make the same split once more. */
  private void another(int later, long fence) {
    try (FakeRouter router = shop.router.another()) {
      router.open(new Router.Opening(new Group("shop", shop.services), Optional.empty(), 0));
      RouterTruth.Known now = (RouterTruth.Known) router.current();
      router.apply(
          new Switch(
              now.running(),
              now.running(),
              now.generation() + later,
              "another",
              Math.max(fence, now.fence()),
              Duration.ofSeconds(1)));
    }
  }
}
