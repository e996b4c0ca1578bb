package io.bluegreen.engine;

import static io.bluegreen.engine.Production.production;
import static io.bluegreen.engine.Production.slot;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Status;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An adoption is killed, and the recovery of it, too: at every pair of effects, with production on
 * green, two instances of a service, and a background service.
 */
class AdoptionKilledTwiceTest {
  private static final Release V0 = Release.of("0.9");

  /**
   * More effects than an adoption or its recovery has; a process that outlives it is not killed.
   */
  private static final int EFFECTS = 60;

  @Test
  void adoptionAndItsRecoveryAreKilledAnywhereAndTheThirdProcessFindsItWholeOrNotDone() {
    Color color = Color.GREEN;
    boolean first = true;
    int tried = 0;
    for (int effect = 1; first; effect++) {
      boolean second = true;
      for (int again = 1; second && again < EFFECTS; again++) {
        Shop shop = shop(color);
        first = dies(shop, new Incarnation().dieAfter(effect), true);
        second = dies(shop, new Incarnation().dieAfter(again), false);
        settled(shop, color, again == 1, effect + " and " + again);
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(100);
  }

  private static Shop shop(Color color) {
    Service two =
        Service.named("api")
            .blue("http://127.0.0.1:1101", "http://127.0.0.1:1103")
            .green("http://127.0.0.1:1102", "http://127.0.0.1:1104");
    return production(new Shop(two, Shop.web("web", 2), Service.background("bot")), color);
  }

  /** Returns whether the process has died while it adopted or recovered. */
  private static boolean dies(Shop shop, Incarnation life, boolean adopts) {
    BlueGreenManager manager = shop.builder(life).build();
    try {
      if (adopts) {
        manager.run(Operation.adopt(V0));
      } else {
        manager.recover();
      }
      life.die();
      return false;
    } catch (Crash crash) {
      return true;
    }
  }

  private static void settled(Shop shop, Color color, boolean thoroughly, String killed) {
    try (BlueGreenManager next = shop.manager()) {
      next.recover();
      Status status = next.status();
      List<Boolean> known =
          List.of("api", "web", "bot").stream()
              .map(service -> slot(status, service, color).version().isPresent())
              .distinct()
              .toList();
      assertThat(known).as("whole or not done, killed after %s", killed).hasSize(1);
      assertThat(status.drift()).as(killed).isEmpty();
      assertThat(shop.router.applied()).as("nothing moved, killed after %s", killed).isEmpty();
      assertThat(shop.launcher.launches()).as(killed).isEmpty();
      assertThat(next.run(Operation.adopt(V0)).outcome())
          .as(killed)
          .isEqualTo(known.get(0) ? Outcome.ALREADY_LIVE : Outcome.COMPLETED);
      if (thoroughly) {
        replaced(shop, next, color, killed);
      }
    }
  }

  /** What was adopted is gone back to, and leaves its slot when that is needed. */
  private static void replaced(Shop shop, BlueGreenManager next, Color color, String killed) {
    assertThat(next.deployNewVersion(V1).outcome()).as(killed).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running("bot")).containsExactly("bot/" + color.other() + " 1");
    assertThat(next.rollback().outcome()).as(killed).isEqualTo(Outcome.WENT_BACK);
    assertThat(shop.running("bot")).containsExactly("bot/" + color + " 0.9");
    assertThat(next.deployNewVersion(V2).outcome()).as(killed).isEqualTo(Outcome.PROMOTED);
    shop.router.listening("api", color, Listening.NO);
    shop.router.listening("web", color, Listening.NO);
    assertThat(next.deployNewVersion(V3).outcome()).as(killed).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running("web/" + color)).containsExactly("web/" + color + " 3");
  }
}
