package io.bluegreen.engine;

import static io.bluegreen.engine.Shop.V1;
import static io.bluegreen.engine.Shop.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentEvent;
import io.bluegreen.DeploymentEvent.Stamp;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Operation;
import io.bluegreen.Outcome;
import io.bluegreen.ProgressEvent;
import io.bluegreen.testing.Crash;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each event says of which group it is and how far the deployment is. */
class ProgressTest {
  private final Shop shop = Shop.web();

  private static List<Integer> steps(List<DeploymentEvent> events) {
    return events.stream().map(DeploymentEvent::step).toList();
  }

  @Test
  void stepsOfADeploymentThatSucceedsGoUpFromNoneToAllOfThePlan() {
    BlueGreenManager manager = shop.manager();
    int planned = manager.plan(Operation.deploy(V1)).steps().size();
    manager.deployNewVersion(V1).orThrow();
    List<DeploymentEvent> events = shop.events.events();

    assertThat(events).allMatch(event -> event.group().equals("shop"));
    assertThat(events).allMatch(event -> event.stepCount() == planned);
    assertThat(steps(events)).isSorted().startsWith(0, 1).endsWith(planned);
    assertThat(shop.events.events(ProgressEvent.PhaseEntered.class))
        .allMatch(entered -> entered.step() > 0);
  }

  @Test
  void stepsGoDownWhileTheyAreUndone() {
    shop.deploy(V1).orThrow();
    BlueGreenManager manager = shop.sickInItsBake(Color.BLUE).build();
    assertThat(manager.deployNewVersion(V2).outcome()).isEqualTo(Outcome.ROLLED_BACK);

    List<DeploymentEvent> events = shop.events.events();
    DeploymentEvent undo = shop.events.events(ProgressEvent.UndoStarted.class).get(0);
    int highest = undo.step();
    List<Integer> behind =
        steps(events.subList(events.indexOf(undo), events.size())).stream().distinct().toList();
    assertThat(behind).isSortedAccordingTo((one, other) -> other - one).startsWith(highest);
    assertThat(behind).last().isEqualTo(1);
  }

  @Test
  void deploymentThatIsRepairedIsWhereItWasLeft() {
    shop.withTwo();
    BlueGreenManager killed = shop.builder(Shop.dyingAfter("apply")).build();
    assertThatThrownBy(() -> killed.switchTraffic(Color.GREEN)).isInstanceOf(Crash.class);
    int told = shop.events.events().size();
    shop.manager().recover();

    List<DeploymentEvent> events = shop.events.events();
    List<DeploymentEvent> repair = events.subList(told, events.size());
    assertThat(repair.get(0).step()).isEqualTo(events.get(told - 1).step());
    assertThat(repair).allMatch(event -> event.stepCount() == events.get(told - 1).stepCount());
  }

  @Test
  void deploymentThatIsLiveAlreadyIsToldToListenersAsAnyOther() {
    shop.deploy(V1).orThrow();
    int told = shop.events.events().size();
    DeploymentResult result = shop.deploy(V1);

    assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_LIVE);
    List<DeploymentEvent> events = shop.events.events();
    assertThat(events.subList(told, events.size()))
        .hasExactlyElementsOfTypes(ProgressEvent.Started.class, ProgressEvent.Ended.class)
        .allMatch(event -> event.deploymentId().equals(result.deploymentId()))
        .allMatch(event -> event.step() == 0 && event.stepCount() == 0);
    assertThat(events.get(told + 1).describe()).isEqualTo(result.toString());
  }

  @Test
  void stampOfAMissingStepIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stamp(Instant.EPOCH, "shop", "d", 4, 3))
        .withMessage("step: expected 0 to 3, but was 4");
  }
}
