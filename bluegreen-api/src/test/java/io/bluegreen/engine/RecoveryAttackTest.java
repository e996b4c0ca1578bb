package io.bluegreen.engine;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static io.bluegreen.engine.Shop.BAKING;
import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentListener;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Hook;
import io.bluegreen.Outcome;
import io.bluegreen.Phase;
import io.bluegreen.ProgressEvent;
import io.bluegreen.RecoveryReport;
import io.bluegreen.RecoveryReport.Decision;
import io.bluegreen.RunningDeployment;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Watch;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.Incarnation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests recoveries that people or failures disturb, and what the next one makes of them. */
class RecoveryAttackTest {
  private static final DeploymentPolicy GRADUAL =
      DeploymentPolicy.DEFAULT.shift(
          new Watch(Duration.ofSeconds(30), Duration.ofSeconds(10), List.of()), 10, 50, 100);

  private final Shop shop = Shop.web();

  @BeforeEach
  void versionOneIsLive() {
    shop.deploy(V1);
  }

  @Test
  void managerThatIsClosedWhileItRecoversDecidesNothing() {
    String id = shop.suspended(GRADUAL).deploymentId();
    BlueGreenManager closing = shop.manager();
    shop.time.after(Duration.ofMillis(500), closing::close);

    RecoveryReport report = closing.recover();

    assertThat(report.decision()).as(report.toString()).isEqualTo(Decision.ON_HOLD);
    assertThat(report.found()).contains("the manager was closed");
    assertThat(shop.manager().status().open()).hasValue(id);
    assertThat(shop.manager().recover().decision()).isEqualTo(Decision.SUSPENDED);
    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);
  }

  @Test
  void abortThatComesWhileADeploymentIsExaminedBeforeItIsCarriedOnTakesItBack() {
    shop.suspended(GRADUAL.probing(GRADUAL.probing().passes(5).failures(3)));
    RunningDeployment waiting = shop.manager().running().orElseThrow();
    shop.time.after(Duration.ofMillis(500), () -> waiting.abort("ann", "not today"));

    DeploymentResult result = shop.manager().carryOn();

    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.ABORTED);
    assertThat(result.reason()).contains("not today");
    assertThat(shop.live("web")).isEqualTo(GREEN);
    assertThat(shop.running()).isEqualTo("web/green 1");
  }

  @Test
  void deploymentThatGoesBackByAnAbortIsNotPutOnHoldByThatAbortWhereverItIsKilled() {
    Incarnation whole = new Incarnation();
    abortedWhileSuspended().builder(whole).build().carryOn();
    int leftOpen = 0;
    for (int effect = 1; effect <= whole.effects().size(); effect++) {
      Shop other = abortedWhileSuspended();
      Incarnation life = new Incarnation().dieAfter(effect);
      assertThatThrownBy(() -> other.builder(life).build().carryOn()).isInstanceOf(Crash.class);
      if (other.manager().status().open().isPresent()) {
        leftOpen++;

        DeploymentResult result = other.manager().carryOn();

        assertThat(result.outcome()).as("after %s", life.effects()).isEqualTo(Outcome.ABORTED);
        assertThat(other.live("web")).isEqualTo(GREEN);
      }
    }
    assertThat(leftOpen).isGreaterThan(5);
  }

  private static Shop abortedWhileSuspended() {
    Shop shop = Shop.web();
    shop.deploy(V1);
    shop.suspended(GRADUAL);
    shop.manager().running().orElseThrow().abort("ann", "not today");
    return shop;
  }

  @Test
  void deploymentThatWasKilledBeforeItsBakeCanBeAborted() {
    shop.policy = BAKING;
    int suspended = 0;
    for (int effect = 1; effect <= 60; effect++) {
      Shop other = Shop.web();
      other.deploy(V1);
      other.policy = BAKING;
      Incarnation life = new Incarnation().dieAfter(effect);
      BlueGreenManager doomed = other.builder(life).build();
      other.time.after(Duration.ofMinutes(1), life::die);
      assertThatThrownBy(() -> doomed.deployNewVersion(V2)).isInstanceOf(Crash.class);
      if (other.manager().recover().decision() != Decision.SUSPENDED) {
        continue;
      }
      suspended++;
      String effects = String.join("\n", life.effects());

      assertThat(other.manager().running()).as(effects).isPresent();
      other.manager().running().orElseThrow().abort("ann", "not today");
      assertThat(other.manager().recover().decision()).as(effects).isEqualTo(Decision.MOVED_BACK);
      assertThat(other.live("web")).isEqualTo(GREEN);
      assertThat(other.manager().history().get(0).reason()).contains("not today");
    }
    assertThat(suspended).isGreaterThan(2);
  }

  @Test
  void switchThatMadeASuspendedSplitDurableHasAGenerationOfItsOwn() {
    shop.suspended(GRADUAL);
    wouldServeAnotherSplitAfterAColdStart(10);

    assertThat(shop.manager().carryOn().outcome()).isEqualTo(Outcome.PROMOTED);

    Map<Long, TrafficSplit> made = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    for (Switch change : shop.router.applied()) {
      TrafficSplit before = made.putIfAbsent(change.generation(), change.to());
      if (before != null && !before.equals(change.to())) {
        twice.add(change + " after " + before);
      }
    }
    assertThat(shop.router.applied()).as("it was made durable").hasSizeGreaterThan(4);
    assertThat(twice).isEmpty();
  }

  @Test
  void wayBackAfterASplitWasMadeDurableHasAGenerationOfItsOwn() {
    shop.suspended(BAKING);
    wouldServeAnotherSplitAfterAColdStart(100);
    BlueGreenManager second = shop.manager();
    RunningDeployment waiting = shop.manager().running().orElseThrow();
    shop.time.after(Duration.ofMinutes(5), () -> waiting.abort("ann", "not today"));

    assertThat(second.carryOn().outcome()).isEqualTo(Outcome.ABORTED);

    assertThat(shop.router.applied().stream().map(Switch::generation)).doesNotHaveDuplicates();
    assertThat(shop.live("web")).isNotEqualTo(BLUE);
  }

  private void wouldServeAnotherSplitAfterAColdStart(int running) {
    shop.router.switchByHand("web", BLUE, 40);
    shop.router.switchRunningByHand("web", BLUE, running);
  }

  @Test
  void deploymentWhoseLastHookHasNotRunIsNeverCalledPromoted() {
    int goneOn = 0;
    for (int effect = 1; effect <= 40; effect++) {
      Shop other = Shop.web();
      other.deploy(V1);
      List<String> done = new ArrayList<>();
      Incarnation life = new Incarnation().dieAfter(effect);
      try {
        hooked(other, life, done).deployNewVersion(V2);
        break;
      } catch (Crash e) {
        BlueGreenManager next = hooked(other, new Incarnation(), done);
        if (next.recover().decision() == Decision.SUSPENDED) {
          next.carryOn();
        }
      }
      Outcome outcome = other.manager().history().get(0).outcome();
      boolean promoted = outcome == Outcome.PROMOTED && other.live("web") == BLUE;
      goneOn += promoted ? 1 : 0;
      assertThat(done.contains("announced"))
          .as(outcome + " after%n%s", String.join("\n", life.effects()))
          .isEqualTo(promoted);
    }
    assertThat(goneOn).isGreaterThan(2);
  }

  private static BlueGreenManager hooked(Shop shop, Incarnation life, List<String> done) {
    Hook announce =
        new Hook() {
          @Override
          public void run(Context context) {
            life.effect("announce", () -> done.add("announced"));
          }

          @Override
          public void undo(Context context) {
            life.effect("take back", () -> done.remove("announced"));
          }
        };
    return shop.builder(life).hook(Phase.FINISH, "announce", announce).build();
  }

  @Test
  void undoOfAHookThatFailsIsTriedAgainByTheNextRecovery() {
    AtomicInteger undone = new AtomicInteger();
    Hook migrate =
        new Hook() {
          @Override
          public void run(Context context) {}

          @Override
          public void undo(Context context) {
            if (undone.incrementAndGet() == 1) {
              throw new IllegalStateException("the database is away");
            }
          }
        };
    Incarnation life = Shop.dyingAfter("launch");
    assertThatThrownBy(
            () ->
                shop.builder(life)
                    .hook(Phase.PREPARE, "migrate", migrate)
                    .build()
                    .deployNewVersion(V2))
        .isInstanceOf(Crash.class);
    BlueGreenManager next = shop.builder().hook(Phase.PREPARE, "migrate", migrate).build();

    RecoveryReport held = next.recover();

    assertThat(held.decision()).isEqualTo(Decision.ON_HOLD);
    assertThat(held.found()).contains("migrate", "the database is away");
    assertThat(shop.running()).isEqualTo("web/green 1");
    assertThat(next.recover().decision()).isEqualTo(Decision.CLEANED);
    assertThat(undone).hasValue(2);
    assertThat(next.history().get(0).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void recoveryThatFinishesNamesTheSlotThatWasToBeStoppedAndStillRuns() {
    shop.policy = DeploymentPolicy.DEFAULT.with(DeploymentPolicy.Option.STOP_FORMER_LIVE);
    Incarnation life = new Incarnation();
    DeploymentListener dying =
        event -> {
          if (event instanceof ProgressEvent.PhaseEntered entered
              && entered.phase() == Phase.DRAIN) {
            life.die();
          }
        };
    assertThatThrownBy(() -> shop.builder(life).listener(dying).build().deployNewVersion(V2))
        .isInstanceOf(Crash.class);

    RecoveryReport report = shop.manager().recover();

    assertThat(report.decision()).isEqualTo(Decision.FINISHED);
    assertThat(report.done()).anySatisfy(line -> assertThat(line).contains("web/green", "running"));
  }
}
