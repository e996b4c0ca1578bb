package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Production.ends;
import static io.bluegreen.engine.Production.opening;
import static io.bluegreen.engine.Production.production;
import static io.bluegreen.engine.Production.run;
import static io.bluegreen.engine.Production.slot;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static io.bluegreen.engine.Shop.V3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentPolicy.Option;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Launcher;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.Status;
import io.bluegreen.testing.LaunchFault;
import io.bluegreen.testing.ScriptedHealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs already goes on record and is taken over; nothing of it is touched by that. */
class AdoptionTest {
  private static final Release V0 = Release.of("0.9");

  private final Shop shop = Shop.web();

  @ParameterizedTest
  @EnumSource(Color.class)
  void whatIsLiveGoesOnRecordAndNothingIsMovedStartedOrStopped(Color color) {
    production(shop, color);

    DeploymentResult result = run(shop, Operation.adopt(V0).by("alice", "day one"));

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.COMPLETED);
    assertThat(shop.router.applied()).isEmpty();
    assertThat(shop.launcher.launches()).isEmpty();
    assertThat(shop.running()).isEqualTo("web/" + color + " 0.9");
    try (BlueGreenManager manager = shop.manager()) {
      Status status = manager.status();
      assertThat(status.unassigned()).isEmpty();
      assertThat(status.drift()).isEmpty();
      assertThat(slot(status, "web", color).version()).contains("0.9");
      assertThat(slot(status, "web", color).live()).isTrue();
      assertThat(manager.history().get(0).operation()).isEqualTo("adopt 0.9");
      assertThat(manager.history().get(0).by()).isEqualTo("alice");
    }
    assertThat(shop.events.lines()).anyMatch(line -> line.contains("adopted as 0.9"));
  }

  @ParameterizedTest
  @EnumSource(Color.class)
  void theFirstWeekGoesAsAnyOtherOnce(Color color) {
    production(shop, color);
    run(shop, Operation.adopt(V0)).orThrow();
    shop.policy = DeploymentPolicy.DEFAULT.steps(10, 50, 100);

    assertThat(shop.deploy(V1).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.router.applied()).hasSize(3);
    assertThat(shop.running("web")).hasSize(2);
    assertThat(run(shop, Operation.rollback()).outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(shop.live("web")).isEqualTo(color);
    assertThat(run(shop, Operation.rollback().to("0.9")).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running())
        .as("what was adopted runs until its slot is needed")
        .isEqualTo("web/" + color + " 0.9, web/" + color.other() + " 2");
    shop.router.listening("web", color, Listening.NO);
    assertThat(shop.deploy(V3).outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(shop.running("web/" + color)).containsExactly("web/" + color + " 3");
  }

  @Test
  void adoptedFormerLiveColourIsStoppedWhereThePolicySaysSo() {
    production(shop, BLUE);
    run(shop, Operation.adopt(V0)).orThrow();
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.STOP_FORMER_LIVE);
    shop.deploy(V1).orThrow();
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void whatWasNotAdoptedIsNeitherStoppedNorDoubledAndBothWaysOutWork() {
    production(shop, BLUE);
    DeploymentResult first = shop.deploy(V1);
    assertThat(first.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(first.warnings()).anyMatch(line -> line.contains("nothing here stops it"));
    try (BlueGreenManager manager = shop.manager()) {
      assertThat(manager.status().warnings()).anyMatch(line -> line.contains("web/blue runs what"));
      assertThat(manager.plan(Operation.deploy(V2)).warnings())
          .anyMatch(line -> line.contains("would be refused") && line.contains("Color.BLUE"));
    }

    DeploymentResult second = shop.deploy(V2);
    assertThat(second.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(second.reason())
        .contains("Stop what runs there")
        .contains("Operation.adopt(release).on(Color.BLUE).service(\"web\")");
    assertThat(shop.running()).isEqualTo("web/green 1");

    DeploymentResult adopted = run(shop, Operation.adopt(V0).on(BLUE).service("web"));
    assertThat(adopted.outcome()).as(adopted.toString()).isEqualTo(Outcome.COMPLETED);
    assertThat(run(shop, Operation.rollback().to("0.9")).outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.PROMOTED);

    Shop other = production(Shop.web(), BLUE);
    other.deploy(V1).orThrow();
    ends(other, "web", BLUE);
    assertThat(other.deploy(V2).outcome()).as("stopped by hand").isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void rollbackToAVersionThatIsNotKnownSaysThatItsHealthAloneWasProved() {
    production(shop, BLUE);
    shop.deploy(V1).orThrow();
    DeploymentResult back = run(shop, Operation.rollback());
    assertThat(back.outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(back.warnings()).anyMatch(line -> line.contains("its health alone is proved"));
  }

  @Test
  void whatCanNotBeTakenOverIsRefusedAndByForceGoesOnRecordByItsVersionOnly() {
    production(shop, BLUE);
    shop.launcher.next(LaunchFault.REFUSE_TO_ADOPT);
    assertThatThrownBy(() -> run(shop, Operation.adopt(V0)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("can't take over what runs on web/blue")
        .hasMessageContaining("run(operation.force(why))");

    shop.launcher.next(LaunchFault.REFUSE_TO_ADOPT);
    run(shop, Operation.adopt(V0).force("systemd runs it")).orThrow();
    DeploymentResult first = shop.deploy(V1);
    assertThat(first.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(first.warnings()).anyMatch(line -> line.contains("adopted by its version only"));
    assertThat(run(shop, Operation.rollback().to("0.9")).outcome()).isEqualTo(Outcome.WENT_BACK);
    run(shop, Operation.switchTo(GREEN)).orThrow();

    assertThat(shop.deploy(V2).outcome()).isEqualTo(Outcome.REJECTED);
    assertThatNothingStopped();
    try (BlueGreenManager manager = shop.manager()) {
      assertThat(manager.run(Operation.stopCandidate()).reason())
          .contains("stop it by its own means");
      assertThat(manager.status().warnings())
          .anyMatch(line -> line.contains("adopted by its version only"));
      ends(shop, "web", BLUE);
      assertThat(manager.run(Operation.stopCandidate()).outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(manager.status().warnings()).noneMatch(line -> line.contains("version only"));
    }
    shop.deploy(V2).orThrow();
  }

  private void assertThatNothingStopped() {
    assertThat(shop.launcher.adoptable(opening(shop).group().slot("web", BLUE)).alive()).isTrue();
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void formerLiveColourThatWasAdoptedByNameIsToldWhereItWasToBeStopped() {
    production(shop, BLUE);
    shop.launcher.next(LaunchFault.REFUSE_TO_ADOPT);
    run(shop, Operation.adopt(V0).force("systemd runs it")).orThrow();
    shop.policy = DeploymentPolicy.DEFAULT.with(Option.STOP_FORMER_LIVE);
    DeploymentResult result = shop.deploy(V1);
    assertThat(result.outcome()).isEqualTo(Outcome.PROMOTED);
    assertThat(result.warnings()).anyMatch(line -> line.contains("stop it by its own means"));
    assertThat(run(shop, Operation.rollback()).outcome())
        .as("it runs, and is the way back")
        .isEqualTo(Outcome.WENT_BACK);
  }

  @Test
  void launcherOfSomebodyElseTakesOverInName() {
    production(shop, BLUE);
    try (BlueGreenManager manager = shop.builder().launcher(Launcher.external()).build()) {
      manager.run(Operation.adopt(V0)).orThrow();
      assertThat(slot(manager.status(), "web", BLUE).version()).contains("0.9");
      manager.run(Operation.adopt(V1)).orThrow();
      assertThat(slot(manager.status(), "web", BLUE).version()).contains("1");
    }
  }

  @Test
  void nothingIsAdoptedWhereNothingRunsOrWhatRunsWasLaunchedHere() {
    assertThatThrownBy(() -> run(shop, Operation.adopt(V0)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("nothing accepts a connection");
    shop.deploy(V1).orThrow();
    shop.router.listening("web", GREEN, Listening.YES);
    assertThatThrownBy(() -> run(shop, Operation.adopt(V2)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("is on record with 1");
    assertThat(run(shop, Operation.adopt(V1)).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThatThrownBy(() -> run(shop, Operation.adopt(V0).on(BLUE)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("accepts no connection");
  }

  @Test
  void adoptedTwiceIsAdoptedAlready() {
    production(shop, BLUE);
    run(shop, Operation.adopt(V0)).orThrow();
    assertThat(run(shop, Operation.adopt(V0)).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
  }

  @Test
  void sickOneIsNotAdoptedUnlessByForce() {
    production(shop, BLUE);
    shop.health = ScriptedHealthCheck.of("web", BLUE, ScriptedHealthCheck.down("503"));
    assertThatThrownBy(() -> run(shop, Operation.adopt(V0)))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("503");
    assertThat(run(shop, Operation.adopt(V0).force("it is known to be sick")).outcome())
        .isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void secondRollbackNeverMovesForwardAlsoIfTheFormerVersionWasAdoptedMeanwhile() {
    production(shop, BLUE);
    shop.deploy(V1).orThrow();
    run(shop, Operation.adopt(V0).on(BLUE)).orThrow();
    assertThat(run(shop, Operation.rollback()).outcome()).isEqualTo(Outcome.WENT_BACK);
    assertThat(run(shop, Operation.rollback()).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(shop.live("web")).isEqualTo(BLUE);

    Shop other = production(Shop.web(), BLUE);
    other.deploy(V1).orThrow();
    run(other, Operation.rollback()).orThrow();
    run(other, Operation.adopt(V0)).orThrow();
    assertThat(run(other, Operation.rollback()).outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    assertThat(other.live("web")).isEqualTo(BLUE);
  }

  @Test
  void whatIsOnRecordByNameIsTakenOverOnceALauncherCan() {
    production(shop, BLUE);
    shop.launcher.next(LaunchFault.REFUSE_TO_ADOPT);
    run(shop, Operation.adopt(V0).force("systemd runs it")).orThrow();
    assertThat(run(shop, Operation.adopt(V0)).outcome()).isEqualTo(Outcome.COMPLETED);
    shop.deploy(V1).orThrow();
    shop.router.listening("web", BLUE, Listening.NO); // As it is once it was stopped.
    assertThat(shop.deploy(V2).outcome()).as("it could be stopped").isEqualTo(Outcome.PROMOTED);
  }
}
