package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.FreePorts;
import io.bluegreen.Group;
import io.bluegreen.LaunchException;
import io.bluegreen.LaunchException.Effect;
import io.bluegreen.LaunchState;
import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real processes that are not taken over: each refusal names what was seen, and what to do. */
class ProcessAdoptionRefusalTest extends AdoptionScene {
  @Test
  void processIsShownAndRefusedWithoutPermission() throws Exception {
    HostProcess process = listeners.start(Listeners.ONE, port).get(0);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      refused(launcher, slot, "pid " + process.pid(), "adoptingProcesses()");
      assertThat(workshop.runDirectory).doesNotExist();
    }
  }

  @Test
  void processThatIsOnRecordOfAnotherServiceIsRefused() {
    int second = workshop.slot(1).instances().get(0).endpoint().orElseThrow().getPort();
    Service api =
        Service.named("api").blue("http://127.0.0.1:1").green("http://127.0.0.1:" + second);
    Slot other = new Group(slot.group(), List.of(api)).slot("api", Color.GREEN);
    listeners.start(Listeners.ONE, port, "127.0.0.1:" + second);
    try (ProcessLauncher launcher = launcher()) {
      launcher.adopt(slot, RELEASE, "first");
      refused(launcher, other, "is on record of web/green, too");
    }
  }

  @Test
  void socketOfUnrelatedProcessesIsRefused() {
    List<HostProcess> both = listeners.start(Listeners.ORPHANS, port);
    try (ProcessLauncher launcher = launcher()) {
      refused(
          launcher,
          slot,
          "pid " + both.get(0).pid(),
          "pid " + both.get(1).pid(),
          "share its socket");
    }
  }

  @Test
  void forwarderAndProcessOfASupervisorAreRefused() {
    listeners.start("docker-proxy", Listeners.ONE, "127.0.0.1", port);
    int second = Workshop.freePorts(1)[0];
    Slot supervised = workshop.slotAt(second);
    listeners.start("supervisord", Listeners.STARTER, "127.0.0.1", second);
    try (ProcessLauncher launcher = launcher()) {
      refused(launcher, slot, "docker-proxy forwards to what runs elsewhere", "CommandLauncher");
      refused(launcher, supervised, "supervisord (pid ", "may start it again", "CommandLauncher");
    }
  }

  @Test
  void thisProgramIsRefused() throws Exception {
    try (ServerSocket socket = FreePorts.listen(1);
        ProcessLauncher launcher = launcher()) {
      refused(launcher, workshop.slotAt(socket.getLocalPort()), "it is this program itself");
    }
  }

  @Test
  void eachInstanceNeedsAProcessOfItsOwn() {
    int[] ports = Workshop.freePorts(2);
    Slot two = workshop.slotAt(ports);
    try (ProcessLauncher launcher = launcher()) {
      assertThat(launcher.adoptable(two).kind()).isEqualTo(Kind.ABSENT);
      listeners.start(Listeners.ONE, ports[0]);
      refused(launcher, two, "nothing listens at web/green[1] http://127.0.0.1:" + ports[1]);
      listeners.close();
      listeners.start(Listeners.ONE, ports[0], "127.0.0.1:" + ports[1]);
      refused(launcher, two, "one process for several instances");
    }
  }

  @Test
  void processThatListensForTheOtherColourTooIsRefused() {
    int other = Workshop.freePorts(1)[0];
    Service both =
        Service.named("web").blue("http://127.0.0.1:" + other).green("http://127.0.0.1:" + port);
    listeners.start(Listeners.ONE, port, "127.0.0.1:" + other);
    try (ProcessLauncher launcher = launcher()) {
      Slot green = new Group("shop", List.of(both)).slot("web", Color.GREEN);
      refused(launcher, green, "of the other colour, too");
    }
  }

  @Test
  void slotWithoutAnAddressHereIsRefused() {
    Service away = Service.named("web").blue("http://127.0.0.1:1").green("http://192.0.2.1:80");
    try (ProcessLauncher launcher = launcher()) {
      refused(launcher, workshop.slot(0), "has no endpoint", "CommandLauncher");
      refused(
          launcher,
          new Group("shop", List.of(away)).slot("web", Color.GREEN),
          "not at an address of this machine");
    }
  }

  @Test
  void processOfAnotherSlotIsRefusedAndOneOfThisSlotIsNot() throws Exception {
    try (ProcessLauncher launcher =
        ProcessLauncher.command("perl", "-e", literally(Listeners.ONE), "{host}:{port}")
            .runDirectory(workshop.runDirectory)
            .adoptingProcesses()) {
      launcher.launch(slot, RELEASE, workshop.token);
      await()
          .atMost(Workshop.PATIENCE)
          .until(() -> launcher.adoptable(slot).kind() == Kind.RUNNING);
      Service api =
          Service.named("api").blue("http://127.0.0.1:1").green("http://127.0.0.1:" + port);
      Slot another = new Group("shop", List.of(api)).slot("api", Color.GREEN);
      refused(launcher, another, "it was launched for another slot");
      launcher.stop(slot, workshop.token, GRACE);
    }
  }

  @Test
  void launchThatStillRunsBesideTheListeningProcessIsInTheWay() {
    try (ProcessLauncher launcher = launcher()) {
      launcher.launch(slot, RELEASE, workshop.token); // It listens nowhere.
      assertThat(launcher.adoptable(slot).detail()).contains("of its launch " + workshop.token);
      listeners.start(Listeners.ONE, port);
      refused(launcher, slot, "is not what listens there", "stop that first");
      assertThat(launcher.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
    }
  }

  private static String literally(String program) {
    return program.replace("{", "{{").replace("}", "}}");
  }

  private void refused(ProcessLauncher launcher, Slot where, String... named) {
    LaunchState state = launcher.adoptable(where);
    assertThat(state.kind()).as(state.detail()).isEqualTo(Kind.UNKNOWN);
    assertThat(state.detail()).contains(named);
    assertThatThrownBy(() -> launcher.adopt(where, RELEASE, workshop.anotherToken))
        .isInstanceOf(LaunchException.class)
        .hasMessageContainingAll(named)
        .extracting(e -> ((LaunchException) e).effect())
        .isEqualTo(Effect.UNCHANGED);
    assertThat(launcher.state(where, workshop.anotherToken).kind()).isEqualTo(Kind.ABSENT);
  }
}
