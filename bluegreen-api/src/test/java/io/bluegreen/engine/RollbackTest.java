package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentInProgressException;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.TimeLimits;
import io.bluegreen.TrafficEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A rollback says which promotion it took back, and why it changes nothing if it is asked for
 * again.
 */
class RollbackTest {
  private final Shop shop = Shop.web().withTwo();

  @Test
  void rollbackThatIsAskedForAgainSaysWhatServesSinceWhenAndHowToGoForward() {
    DeploymentResult first = shop.manager().rollback();

    DeploymentResult again = shop.manager().rollback();

    assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(again.achieved()).isTrue();
    assertThat(again.reason())
        .contains("version 1 of web is live again since 2030-")
        .contains("by deployment " + first.deploymentId())
        .contains("version 2 by deployment ")
        .contains("switchTraffic(Color.BLUE)")
        .contains("serving: web green");
    assertThat(shop.manager().switchTraffic(BLUE).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.live("web")).isEqualTo(BLUE);
  }

  @Test
  void groupIsToldHowToGoForwardServiceByService() {
    Shop group = new Shop(Shop.web("web", 1), Shop.web("api", 2)).withTwo();
    group.manager().rollback();

    assertThat(group.manager().rollback().reason())
        .contains("run(Operation.switchTo(Color.BLUE).service(\"api\"))");

    group.manager().run(Operation.switchTo(BLUE).service("api")).orThrow();
    assertThat(group.live("api")).isEqualTo(BLUE);
    assertThat(group.live("web")).isEqualTo(GREEN);
  }

  @Test
  void versionThatIsNotWarmIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> shop.manager().run(Operation.rollback().to("0.9")))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("version 0.9 of web is not kept warm")
        .hasMessageContaining("kept warm: version 1 of web");
    assertThatThrownBy(() -> shop.manager().plan(Operation.rollback().to("0.9")))
        .isInstanceOf(OperationRefusedException.class);
  }

  @Test
  void refusalSaysWhichDeploymentItWasAndThatItsFormerVersionIsGone() {
    shop.manager().run(Operation.stopCandidate()).orThrow();

    assertThatThrownBy(() -> shop.manager().rollback())
        .hasMessageContaining("there is nothing to go back to: deployment ")
        .hasMessageContaining("made version 2 of web live, and version 1, which was live before,")
        .hasMessageContaining("deploy it again");
  }

  @Test
  void firstDeploymentHasNothingBeforeIt() {
    Shop fresh = Shop.web();
    fresh.deploy(V1).orThrow();

    assertThatThrownBy(() -> fresh.manager().rollback())
        .hasMessageContaining("made version 1 of web live, and nothing was live before");
  }

  @Test
  void liveProcessThatHasEndedIsNotCalledLiveAlready() {
    shop.manager().rollback();
    shop.launcher.exit("web", GREEN, "oom");

    assertThatThrownBy(() -> shop.manager().rollback())
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("does not run")
        .hasMessageContaining("switchTraffic(Color.BLUE)");
  }

  @Test
  void clientThatRepeatsItsRequestMeanwhileIsToldOrWaitsAndChangesNothing() {
    shop.policy = DeploymentPolicy.DEFAULT.limits(TimeLimits.DEFAULT.lease(Duration.ofMinutes(1)));
    List<DeploymentResult> repeated = new ArrayList<>();
    BlueGreenManager second = shop.manager();
    BlueGreenManager first =
        shop.builder()
            .listener(
                Shop.when(
                    TrafficEvent.TrafficMoved.class,
                    "",
                    () -> {
                      assertThatThrownBy(
                              () ->
                                  second.run(Operation.rollback().policy(DeploymentPolicy.DEFAULT)))
                          .isInstanceOf(DeploymentInProgressException.class);
                    }))
            .listener(
                Shop.when(
                    ProgressEvent.Ended.class,
                    "",
                    () -> shop.time.after(Duration.ZERO, () -> repeated.add(second.rollback()))))
            .build();

    assertThat(first.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    shop.time.pass(Duration.ofSeconds(1));

    assertThat(repeated).extracting(DeploymentResult::outcome).containsOnly(Outcome.ALREADY_LIVE);
    assertThat(shop.live("web")).isEqualTo(GREEN);
  }

  @Test
  void documentOfAnEarlierVersionKnowsWhatToGoBackToAndDoesNotToggle() {
    StateDocument former = StateCodec.read(shop.store.load().orElseThrow());
    former.promotions.clear();
    former.lastPromotion = null;

    StateUpgrade.afterReading(3, former);

    Promotion promotion = former.promotions.get("web");
    assertThat(promotion.was()).isEqualTo(V1);
    assertThat(promotion.is()).isEqualTo(V2);
    assertThat(promotion.to()).isEqualTo(BLUE);
    assertThat(former.lastPromotion).isEqualTo(promotion.deploymentId());
  }

  @Test
  void onlyARollbackNamesAVersion() {
    assertThat(Operation.rollback().to("1.4.1")).hasToString("rollback to 1.4.1");
    assertThatThrownBy(() -> Operation.stopCandidate().to("1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Operation.rollback().to("../1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
