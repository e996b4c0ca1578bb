package io.bluegreen.testing;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeRouterTest {
  private final VirtualTime time = new VirtualTime();
  private final FakeRouter router = new FakeRouter(time);
  private final Group group =
      new Group("shop", List.of(Service.named("web").blue("http://h:5001").green("http://h:5002")));
  private final TrafficSplit blue = TrafficSplit.all(group, BLUE);
  private final TrafficSplit green = TrafficSplit.all(group, GREEN);
  private final Switch toGreen = new Switch(blue, green, 1, "d1", 1, ofSeconds(10));

  @BeforeEach
  void open() {
    router.open(new Router.Opening(group, Optional.empty(), 0));
  }

  @Test
  void aFailureSaysWhatItHasLeftBehind() {
    router.next(
        RouterFault.FAIL_UNCHANGED, RouterFault.FAIL_HALF_WAY, RouterFault.FAIL_AFTER_APPLYING);
    assertFails(RouterException.Effect.UNCHANGED);
    assertThat(truth().wholly(blue)).isTrue();
    assertFails(RouterException.Effect.UNKNOWN);
    assertThat(truth().running()).isEqualTo(green);
    assertThat(truth().durable()).isEqualTo(blue);
    assertThat(truth().drift()).extracting(Drift::kind).containsExactly(Drift.Kind.DURABLE_DIFFERS);
    assertFails(RouterException.Effect.CHANGED);
    assertThat(truth().wholly(green)).isTrue();
    router.apply(toGreen);
  }

  @Test
  void hangingEndsAtTheCallersLimitBeforeOrAfterTheEffect() {
    router.next(RouterFault.HANG);
    assertTimesOut(this::applied);
    assertThat(truth().wholly(blue)).isTrue();
    router.next(RouterFault.HANG_AFTER_APPLYING);
    assertTimesOut(this::applied);
    assertThat(truth().wholly(green)).isTrue();
    router.next(RouterFault.HANG_ON_CURRENT);
    assertTimesOut(router::current);
  }

  @Test
  void aSlowApplyThatIsGivenUpHasNoEffect() {
    router.takes(ofSeconds(30));
    assertTimesOut(this::applied);
    assertThat(router.applied()).isEmpty();
  }

  @Test
  void aLateEffectHappensAfterTheLimit() {
    router.next(RouterFault.APPLY_LATE);
    assertTimesOut(this::applied);
    assertThat(truth().wholly(blue)).isTrue();
    time.pass(ofSeconds(1));
    assertThat(truth().wholly(green)).isTrue();
  }

  @Test
  void itPretendsAndLiesAndIsUnreachableOnce() {
    router.next(RouterFault.LIE, RouterFault.PRETEND, RouterFault.UNREACHABLE);
    router.apply(toGreen);
    assertThat(truth().running()).isEqualTo(green);
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    assertThat(truth().wholly(blue)).isTrue();
    router.next(RouterFault.THROW_ON_CURRENT);
    assertThatThrownBy(router::current).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anOperatorsHandIsSeen() {
    router.switchRunningByHand("web", GREEN, 100);
    assertThat(truth().running()).isEqualTo(green);
    assertThat(truth().durable()).isEqualTo(blue);
    router.restartCold();
    assertThat(truth().wholly(blue)).isTrue();
    router.switchByHand("web", GREEN, 30);
    router.restartCold();
    assertThat(truth().running().share("web", GREEN)).isEqualTo(30);
  }

  @Test
  void aReloadLeavesFormerWorkersThatServeWhatRan() {
    router.switchRunningByHand("web", GREEN, 100);
    router.reload();
    assertThat(truth().running()).isEqualTo(blue);
    assertThat(truth().formerWorkers()).containsExactly(green);
    assertThat(truth().wholly(blue)).isFalse();
    router.retireFormerWorkers();
    assertThat(truth().wholly(blue)).isTrue();
  }

  @Test
  void lostStateIsTheRenderedDefaultAndTold() {
    router.apply(toGreen);
    router.loseState();
    assertThat(truth().running()).isEqualTo(blue);
    assertThat(truth().unassigned()).containsExactly("web");
    assertThat(truth().generation()).isZero();
    assertThat(truth().drift()).extracting(Drift::kind).containsExactly(Drift.Kind.STATE_LOST);
  }

  @Test
  void cutEndsWhatIsInFlight() {
    router.answering("web", BLUE, InFlight.some(3));
    assertThat(router.inFlight(group.slot("web", BLUE)).count()).hasValue(3);
    assertThat(router.cut(group.slot("web", BLUE))).isEqualTo(3);
    assertThat(router.inFlight(group.slot("web", BLUE)).isNone()).isTrue();
  }

  private String applied() {
    router.apply(toGreen);
    return "applied";
  }

  private void assertFails(RouterException.Effect effect) {
    assertThatExceptionOfType(RouterException.class)
        .isThrownBy(() -> router.apply(toGreen))
        .extracting(RouterException::effect)
        .isEqualTo(effect);
  }

  private void assertTimesOut(Callable<?> call) {
    assertThatThrownBy(() -> time.within(ofSeconds(10), call)).isInstanceOf(TimeoutException.class);
  }

  private RouterTruth.Known truth() {
    return (RouterTruth.Known) router.current();
  }
}
