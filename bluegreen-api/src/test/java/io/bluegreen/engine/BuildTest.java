package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.DeploymentListener;
import io.bluegreen.Gate;
import io.bluegreen.HealthCheck;
import io.bluegreen.Hook;
import io.bluegreen.Launcher;
import io.bluegreen.Phase;
import io.bluegreen.Router;
import io.bluegreen.StateStore;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A manager that is only built has opened, read and asked nothing. */
class BuildTest {
  @Test
  void buildCallsNoSeamAndResolvesNothing() {
    Router router = mock(Router.class);
    when(router.measures()).thenReturn(Set.of());
    Gate gate = mock(Gate.class);
    when(gate.needs()).thenReturn(Set.of());
    HealthCheck check = mock(HealthCheck.class);
    Launcher launcher = mock(Launcher.class);
    StateStore store = mock(StateStore.class);
    Hook hook = mock(Hook.class);
    DeploymentListener listener = mock(DeploymentListener.class);
    // All that may take long, such as a question to a name service, gets its limit from the time
    // source.
    TimeSource time = mock(TimeSource.class);

    BlueGreenManager.builder("shop")
        .service(Shop.web("web", 1))
        .router(router)
        .gate("errors", gate)
        .healthCheck(check)
        .launcher(launcher)
        .store(store)
        .hook(Phase.PREPARE, "announce", hook)
        .listener(listener)
        .time(time)
        .build();

    verify(router).measures(); // This is a constant: what its meter can count at all.
    verify(gate).needs();
    verifyNoMoreInteractions(router, gate);
    verifyNoInteractions(check, launcher, store, hook, listener, time);
  }

  @Test
  void nameOfTheMachineIsAskedForWhenItIsNeededFirstAndOnlyOnce() {
    AtomicInteger asked = new AtomicInteger();
    ThisHost host = new ThisHost(new VirtualTime(), () -> "here" + asked.incrementAndGet());
    assertThat(asked).hasValue(0);
    assertThat(host.name()).isEqualTo("here1");
    assertThat(host.name()).isEqualTo("here1");
    assertThat(host.pid()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void nameServiceThatHangsOrFailsIsNotWaitedFor() {
    VirtualTime time = new VirtualTime();
    ThisHost host =
        new ThisHost(
            time,
            () -> {
              time.hang();
              return "never";
            });
    assertThat(host.name()).isEqualTo(ThisHost.NAMELESS);
    assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(2));
    assertThat(
            new ThisHost(
                    time,
                    () -> {
                      throw new java.net.UnknownHostException("no such name");
                    })
                .name())
        .isEqualTo(ThisHost.NAMELESS);
  }
}
