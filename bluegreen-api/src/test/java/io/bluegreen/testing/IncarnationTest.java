package io.bluegreen.testing;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Group;
import io.bluegreen.Launcher;
import io.bluegreen.LeaseOwner;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.StateStore;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncarnationTest {
  private final Group group =
      new Group("shop", List.of(Service.named("web").blue("http://h:5001").green("http://h:5002")));
  private final FakeRouter router = new FakeRouter();
  private final FakeLauncher launcher = new FakeLauncher();
  private final InMemoryStateStore store = new InMemoryStateStore();
  private final List<String> hooks = new ArrayList<>();

  @Test
  void aLifeWithoutADeathHasItsEffectsCountedInOrder() {
    Incarnation life = new Incarnation();
    deploy(life);
    assertThat(life.effects())
        .containsExactly(
            "acquire",
            "save",
            "launch web/green 2.0",
            "apply web green",
            "hook",
            "save",
            "release");
    assertThat(life.dead()).isFalse();
  }

  @Test
  void itDiesBeforeOrAfterEachEffectAndHasNoneLater() {
    for (int effect = 1; effect <= 7; effect++) {
      for (boolean before : List.of(true, false)) {
        IncarnationTest fresh = new IncarnationTest();
        Incarnation life = new Incarnation();
        Incarnation mortal = before ? life.dieBefore(effect) : life.dieAfter(effect);
        assertThatThrownBy(() -> fresh.deploy(mortal))
            .isInstanceOf(Crash.class)
            .hasMessageContaining((before ? "before" : "after") + " effect " + effect);
        assertThat(fresh.done()).hasSize(Math.max(0, Math.min(3, effect - 2 - (before ? 1 : 0))));
        assertThat(fresh.store.holder()).as("a lease dies with its process").isEmpty();
        assertThatThrownBy(() -> fresh.deploy(mortal)).isInstanceOf(Crash.class);
        assertThat(life.effects()).hasSize(effect);
        assertThatCode(() -> fresh.store.acquire(owner())).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void aFakeThatCrashesHalfWayKillsItsIncarnationOnly() {
    router.next(RouterFault.CRASH_HALF_WAY);
    Incarnation life = new Incarnation();
    assertThatThrownBy(() -> deploy(life)).isInstanceOf(Crash.class);
    assertThat(life.dead()).isTrue();
    assertThatThrownBy(() -> life.router(router).current()).isInstanceOf(Crash.class);
    RouterTruth.Known truth = (RouterTruth.Known) new Incarnation().router(router).current();
    assertThat(truth.running()).isEqualTo(TrafficSplit.all(group, GREEN));
    assertThat(truth.durable()).isEqualTo(TrafficSplit.all(group, BLUE));
  }

  @Test
  void anObserverSeesEachEffectAfterItWasHad() {
    List<Integer> applied = new ArrayList<>();
    deploy(new Incarnation().observe(() -> applied.add(router.applied().size())));
    assertThat(applied).containsExactly(0, 0, 0, 1, 1, 1, 1);
  }

  /** What was really done, of launch, apply and hook. */
  private List<String> done() {
    List<String> done = new ArrayList<>(hooks);
    launcher.launches().forEach(launched -> done.add("launch"));
    router.applied().forEach(change -> done.add("apply"));
    return done;
  }

  private void deploy(Incarnation life) {
    Router mortalRouter = life.router(router);
    Launcher mortalLauncher = life.launcher(launcher);
    StateStore mortalStore = life.store(store);
    mortalRouter.open(new Router.Opening(group, Optional.empty(), 0));
    StateStore.Lease lease = (StateStore.Lease) mortalStore.acquire(owner());
    mortalStore.save(new byte[] {1}, lease);
    mortalLauncher.launch(group.slot("web", GREEN), Release.of("2.0"), "token1");
    mortalRouter.apply(
        new Switch(
            TrafficSplit.all(group, BLUE),
            TrafficSplit.all(group, GREEN),
            1,
            "d1",
            1,
            Duration.ofSeconds(10)));
    life.effect("hook", () -> hooks.add("hook"));
    mortalStore.save(new byte[] {2}, lease);
    lease.close();
  }

  private static LeaseOwner owner() {
    return new LeaseOwner("shop", "d1", 1, "localhost", Instant.EPOCH);
  }
}
