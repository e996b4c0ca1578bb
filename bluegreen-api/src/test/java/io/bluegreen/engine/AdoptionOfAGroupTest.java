package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Production.production;
import static io.bluegreen.engine.Production.run;
import static io.bluegreen.engine.Production.runs;
import static io.bluegreen.engine.Production.slot;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Release;
import io.bluegreen.SlotEvent;
import io.bluegreen.Status;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** An adoption is done as a whole or not at all, and is about the services that it names. */
class AdoptionOfAGroupTest {
  private static final Release V0 = Release.of("0.9");

  @Test
  void groupIsAdoptedWholeOrNotAtAll() {
    Shop two = production(new Shop(Shop.web("api", 1), Shop.web("web", 2)), BLUE);
    try (BlueGreenManager manager = sickOnceAdopted(two)) {
      DeploymentResult result = manager.run(Operation.adopt(V0));
      assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
      assertThat(slot(manager.status(), "api", BLUE).version()).isEmpty();
      assertThat(slot(manager.status(), "web", BLUE).version()).isEmpty();
      assertThat(two.launcher.running()).as("nothing of it was stopped").hasSize(2);
    }
    two.health = ScriptedHealthCheck.up();
    run(two, Operation.adopt(V0)).orThrow();
  }

  @TestFactory
  Stream<DynamicTest> killedAnywhereItIsDoneAsAWholeOrNotAtAll() {
    List<DynamicTest> tests = new ArrayList<>();
    Incarnation whole = new Incarnation();
    Shop first = production(new Shop(Shop.web("api", 1), Shop.web("web", 2)), BLUE);
    first.builder(whole).build().run(Operation.adopt(V0));
    for (int effect = 1; effect <= whole.effects().size(); effect++) {
      int at = effect;
      tests.add(
          DynamicTest.dynamicTest("before " + at, () -> killed(new Incarnation().dieBefore(at))));
      tests.add(
          DynamicTest.dynamicTest("after " + at, () -> killed(new Incarnation().dieAfter(at))));
    }
    return tests.stream();
  }

  private static void killed(Incarnation life) {
    Shop shop = production(new Shop(Shop.web("api", 1), Shop.web("web", 2)), BLUE);
    assertThatThrownBy(() -> shop.builder(life).build().run(Operation.adopt(V0)))
        .isInstanceOf(Crash.class);
    try (BlueGreenManager next = shop.manager()) {
      next.recover();
      Status status = next.status();
      boolean adopted = slot(status, "web", BLUE).version().isPresent();
      assertThat(slot(status, "api", BLUE).version().isPresent()).isEqualTo(adopted);
      assertThat(status.unassigned()).isEmpty();
      assertThat(status.drift()).isEmpty();
      assertThat(shop.router.applied()).as("nothing moved").isEmpty();
      assertThat(next.run(Operation.adopt(V0)).achieved()).isTrue();
      assertThat(next.deployNewVersion(V1).outcome()).isEqualTo(Outcome.PROMOTED);
      assertThat(next.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
    }
  }

  @Test
  void adoptionOfOneServiceSaysNothingAboutTheOthers() {
    Shop two = new Shop(Shop.web("api", 1), Shop.web("web", 2));
    two.launcher.strangerRuns("api", BLUE);
    two.router.listening("api", BLUE, Listening.YES);
    run(two, Operation.adopt(V0).service("api")).orThrow();
    two.policy = DeploymentPolicy.DEFAULT.steps(50, 100);
    try (BlueGreenManager manager = two.manager()) {
      assertThat(manager.status().unassigned()).containsExactly("web");
      assertThat(manager.status().drift()).isEmpty();
      manager.run(Operation.deploy(V1).service("web")).orThrow();
      assertThat(two.router.applied()).as("nothing was live of web").hasSize(1);
      assertThat(manager.deployNewVersion(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    }
  }

  @Test
  void adoptionThatFailsLeavesTheRecordAsItWas() {
    Shop two = new Shop(Shop.web("api", 1), Shop.web("web", 2));
    run(two, Operation.deploy(V1).service("api")).orThrow();
    runs(two, "web", BLUE);
    try (BlueGreenManager manager = sickOnceAdopted(two)) {
      assertThat(manager.run(Operation.adopt(V0).service("web")).outcome())
          .isEqualTo(Outcome.REJECTED);
      assertThatThrownBy(() -> manager.run(Operation.deploy(V2).service("web")))
          .as("it is looked at again")
          .isInstanceOf(OperationRefusedException.class)
          .hasMessageContaining("boom");
    }
  }

  @Test
  void adoptionThatWasKilledIsGivenUpByAPersonsDecision() {
    Shop shop = production(Shop.web(), BLUE);
    try (BlueGreenManager killed = shop.builder(Shop.dyingAfter("adopt")).build()) {
      assertThatThrownBy(() -> killed.run(Operation.adopt(V0))).isInstanceOf(Crash.class);
    }
    runs(shop, "web", GREEN);
    shop.router.switchByHand("web", GREEN, 100);
    try (BlueGreenManager next = shop.manager()) {
      next.recover(RecoveryChoice.ADOPT, "ann");
      assertThat(slot(next.status(), "web", BLUE).version()).isEmpty();
      assertThat(next.deployNewVersion(V1).outcome())
          .as("blue runs, and nothing of it is on record")
          .isEqualTo(Outcome.REJECTED);
    }
  }

  /** Returns a manager for which web falls sick as soon as it was taken over. */
  private static BlueGreenManager sickOnceAdopted(Shop shop) {
    ScriptedHealthCheck health = ScriptedHealthCheck.up();
    shop.health = health;
    return shop.builder()
        .listener(
            Shop.when(
                SlotEvent.Adopted.class,
                "web/blue",
                () -> health.on("web", BLUE, ScriptedHealthCheck.down("boom"))))
        .build();
  }
}
