package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DriftException;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Release;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The stored state was put back from a backup or is gone, and the router knows more than the
 * record.
 */
class LostStateTest {
  private final Shop shop = Shop.web();

  @Test
  void backupOfTheStateThatWasPutBackIsReportedAndCanBeSettled() {
    shop.deploy(V1);
    byte[] backup = shop.store.load().orElseThrow();
    shop.deploy(V2);
    shop.deploy(V3);
    shop.store.restore(backup);

    assertThatThrownBy(() -> shop.deploy(Release.of("4")))
        .isInstanceOf(DriftException.class)
        .hasMessageContaining("RECORD_BEHIND");
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");
    assertThat(shop.manager().status().drift()).isEmpty();
    assertThat(shop.manager().switchTraffic(BLUE).outcome())
        .as("the router takes our fence again")
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void adoptingWithoutARecordDoesNotFenceAnEarlierRecord() {
    shop.deploy(V1);
    Shop without = new Shop(Shop.web("web", 1));
    without
        .builder()
        .router(shop.router)
        .launcher(shop.launcher)
        .time(shop.time)
        .build()
        .recover(RecoveryChoice.ADOPT, "ann");

    assertThat(shop.deploy(V2).outcome())
        .as("its record is older than the router, which carries its generation all the same")
        .isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void managerThatWasOvertakenWhenABackupWasAdoptedCanNotSwitchAnyMore() {
    shop.deploy(V1);
    byte[] backup = shop.store.load().orElseThrow();
    shop.deploy(V2);
    shop.store.restore(backup);
    shop.manager().recover(RecoveryChoice.ADOPT, "ann");
    TrafficSplit served = ((RouterTruth.Known) shop.manager().status().truth()).running();
    TrafficSplit late = served.with("web", GREEN, 100);

    assertThatThrownBy(
            () -> shop.router.apply(new Switch(served, late, 99, "late", 5, Duration.ofSeconds(5))))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("fence 5 is lower");
  }

  @Test
  void lostStateIsStartedAgainFromTheSplitThatTheRouterServes() {
    shop.withTwo();
    Shop without = new Shop(Shop.web("web", 1));
    BlueGreenManager manager =
        without.builder().router(shop.router).launcher(shop.launcher).time(shop.time).build();

    assertThat(manager.switchTraffic(GREEN).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void adoptedSplitThatOnlyRunsIsMadeDurable() {
    shop.withTwo();
    shop.router.switchRunningByHand("web", GREEN, 100);

    shop.manager().recover(RecoveryChoice.ADOPT, "ann");

    assertThat(shop.manager().status().drift()).isEmpty();
    shop.router.restartCold();
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }
}
