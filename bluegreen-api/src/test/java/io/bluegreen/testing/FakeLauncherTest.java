package io.bluegreen.testing;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Group;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchState;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FakeLauncherTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime();
  private final FakeLauncher launcher = new FakeLauncher(time);
  private final Slot slot =
      new Group("shop", List.of(Service.named("web").blue("http://h:5001").green("http://h:5002")))
          .slot("web", GREEN);
  private final Release release = Release.of("2.0");

  @Test
  void aLaunchFailsNeverStartsOrExitsAtOnce() {
    launcher.next(LaunchFault.FAIL, LaunchFault.NEVER_START, LaunchFault.EXIT_AT_ONCE);
    assertThatThrownBy(() -> launcher.launch(slot, release, "t1"))
        .isInstanceOf(LaunchException.class);
    launcher.launch(slot, release, "t2");
    assertThat(launcher.state(slot, "t2").kind()).isEqualTo(LaunchState.Kind.ABSENT);
    launcher.launch(slot, release, "t3");
    assertThat(launcher.state(slot, "t3").kind()).isEqualTo(LaunchState.Kind.EXITED);
    assertThat(launcher.running()).isEmpty();
  }

  @Test
  void aProcessExitsAfterAWhile() {
    launcher.launch(slot, release, "t1");
    time.after(LIMIT, () -> launcher.exit("web", GREEN, "out of memory"));
    assertThat(launcher.running("web", GREEN)).map(l -> l.release()).contains(release);
    time.pass(LIMIT);
    assertThat(launcher.state(slot, "t1").lastOutput()).isEqualTo("out of memory");
    assertThat(launcher.running("web", GREEN)).isEmpty();
    assertThat(launcher.launches()).hasSize(1);
  }

  @Test
  void aLaunchHangsBeforeOrAfterItHasStarted() {
    launcher.next(LaunchFault.HANG, LaunchFault.HANG_AFTER_STARTING);
    assertHangs(() -> launcher.launch(slot, release, "t1"));
    assertThat(launcher.running()).isEmpty();
    assertHangs(() -> launcher.launch(slot, release, "t2"));
    assertThat(launcher.running()).hasSize(1);
  }

  @Test
  void aStopFailsOrHangsAndTheProcessStillRuns() {
    launcher.launch(slot, release, "t1");
    launcher.next(LaunchFault.FAIL_TO_STOP, LaunchFault.HANG_ON_STOP);
    assertThatThrownBy(() -> launcher.stop(slot, "t1", LIMIT)).isInstanceOf(LaunchException.class);
    assertHangs(() -> launcher.stop(slot, "t1", LIMIT));
    assertThat(launcher.running()).hasSize(1);
    launcher.stop(slot, "t1", LIMIT);
    assertThat(launcher.running()).isEmpty();
  }

  @Test
  void theStateIsUnknownOrHangsOnce() {
    launcher.launch(slot, release, "t1");
    launcher.next(LaunchFault.UNKNOWN, LaunchFault.HANG_ON_STATE);
    assertThat(launcher.state(slot, "t1").kind()).isEqualTo(LaunchState.Kind.UNKNOWN);
    assertHangs(() -> launcher.state(slot, "t1"));
    assertThat(launcher.state(slot, "t1").kind()).isEqualTo(LaunchState.Kind.RUNNING);
  }

  @Test
  void aSlotThatIsTakenIsRefusedWithWhoHasIt() {
    launcher.launch(slot, release, "t1");
    assertThatExceptionOfType(LaunchException.class)
        .isThrownBy(() -> launcher.launch(slot, Release.of("3.0"), "t2"))
        .withMessageContaining("2.0")
        .withMessageContaining("t1");
    launcher.launch(slot.other(), release, "t3");
    assertThat(launcher.running("web", BLUE)).isPresent();
  }

  private void assertHangs(Runnable call) {
    assertThatThrownBy(
            () ->
                time.within(
                    LIMIT,
                    () -> {
                      call.run();
                      return true;
                    }))
        .isInstanceOf(TimeoutException.class);
  }
}
