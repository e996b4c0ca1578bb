package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.engine.Production.production;
import static io.bluegreen.engine.Production.run;
import static io.bluegreen.engine.Production.slot;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has adopted by a wrong version adopts once more by the right one. */
class CorrectedAdoptionTest {
  private static final Release V0 = Release.of("0.9");

  @Test
  void wrongVersionIsPutRightByAdoptingOnceMore() {
    Shop shop = production(Shop.web(), BLUE);
    run(shop, Operation.adopt(V3)).orThrow();
    assertThat(run(shop, Operation.adopt(V0)).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(run(shop, Operation.adopt(V3).on(BLUE)).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(run(shop, Operation.adopt(V0).on(BLUE)).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(run(shop, Operation.rollback().to("0.9")).outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(run(shop, Operation.rollback()).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    shop.router.listening("web", BLUE, Listening.NO);
    assertThat(shop.deploy(V3).outcome()).as("it was stopped").isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void correctionOfAVersionThatIsKilledLeavesWhatWasAdoptedKnown() {
    List<String> effects = corrected(new Incarnation());
    for (int effect = 1; effect <= effects.size(); effect++) {
      corrected(new Incarnation().dieBefore(effect));
      corrected(new Incarnation().dieAfter(effect));
    }
  }

  private static List<String> corrected(Incarnation life) {
    Shop killed = production(Shop.web(), BLUE);
    run(killed, Operation.adopt(V3)).orThrow();
    try {
      killed.builder(life).build().run(Operation.adopt(V0));
      life.die();
    } catch (Crash crash) {
      assertThat(life.dead()).isTrue();
    }
    try (BlueGreenManager next = killed.manager()) {
      next.recover();
      assertThat(slot(next.status(), "web", BLUE).launch().alive())
          .as("known by its token: %s", next.status())
          .isTrue();
      assertThat(slot(next.status(), "web", BLUE).version().orElseThrow()).isIn("3", "0.9");
      assertThat(next.run(Operation.adopt(V0)).achieved()).isTrue();
      next.deployNewVersion(V1).orThrow();
      assertThat(next.run(Operation.rollback().to("0.9")).outcome()).isEqualTo(Outcome.WENT_BACK);
    }
    return life.effects();
  }
}
