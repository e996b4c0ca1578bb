package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.InFlight;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.RouterException;
import io.bluegreen.SlotEvent;
import io.bluegreen.testing.EventRecorder;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The requests that nginx tells to be in flight in live mode. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InFlightTest {
  @TempDir static Path temp;
  private FlightScene scene;

  @BeforeAll
  void startNginx() throws Exception {
    scene = FlightScene.live(temp);
  }

  @BeforeEach
  void open() {
    scene.open();
  }

  @AfterEach
  void done() throws Exception {
    scene.done();
  }

  @AfterAll
  void stopNginx() throws Exception {
    scene.close();
  }

  @Test
  void requestsOfEachSlotAreCountedAlsoAfterASwitchAndAReloadByHand() throws Exception {
    List<NginxClient> open = new ArrayList<>();
    assertThat(scene.inFlight(Color.BLUE)).isEqualTo(InFlight.NONE);
    for (int i = 0; i < 5; i++) {
      open.add(scene.webSocket());
    }
    await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(5)));
    scene.to(Color.GREEN);
    open.add(scene.webSocket());
    await().until(() -> scene.inFlight(Color.GREEN).equals(InFlight.some(1)));
    scene.reload(text -> text);
    assertThat(scene.inFlight(Color.BLUE)).isEqualTo(InFlight.some(5));
    assertThat(scene.inFlight(Color.GREEN)).isEqualTo(InFlight.some(1));
    assertThat(scene.router.inFlight(scene.shop.group.slot("api", Color.BLUE)))
        .isEqualTo(InFlight.NONE);
    assertThatThrownBy(() -> scene.router.cut(scene.shop.group.slot("web", Color.BLUE)))
        .isInstanceOfSatisfying(
            RouterException.class,
            e -> assertThat(e.effect()).isEqualTo(RouterException.Effect.UNCHANGED))
        .hasMessageContaining("nginx can't end");
    for (NginxClient client : open) {
      client.close(); // Some clients just go away.
    }
    await()
        .until(() -> scene.inFlight(Color.BLUE).isNone() && scene.inFlight(Color.GREEN).isNone());
  }

  @Test
  void workerThatIsKilledLeavesNothingBehind() throws Exception {
    List<NginxClient> open = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      open.add(scene.webSocket());
    }
    await().until(() -> !scene.inFlight(Color.BLUE).isNone());
    for (ProcessHandle worker : scene.nginx.workers()) {
      worker.destroyForcibly();
    }
    await().until(() -> scene.inFlight(Color.BLUE).isNone());
    try (NginxClient after = scene.webSocket()) {
      await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(1)));
      assertThat(after.isLast()).isFalse();
    }
    await().until(() -> scene.inFlight(Color.BLUE).isNone());
    for (NginxClient client : open) {
      client.close();
    }
  }

  @Test
  void eachStreamOfHttp2Counts() throws Exception {
    int port = NginxPorts.free();
    scene.reload(
        text ->
            text.replaceFirst(
                "listen 127", "listen 127.0.0.1:" + port + " http2;\n    listen 127"));
    try (SocketChannel client = Http2Frames.connect(port)) {
      for (int stream = 1; stream <= 7; stream += 2) {
        Http2Frames.get(client, stream, "/held?first=10");
      }
      await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(4)));
      Http2Frames.reset(client, 3);
      await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(3)));
    }
    await().until(() -> scene.inFlight(Color.BLUE).isNone());
  }

  @Test
  void drainEndsWhenItIsProvenAndNotAfterItsWholeTime() throws Exception {
    EventRecorder events = new EventRecorder();
    try (BlueGreenManager manager =
        BlueGreenManager.builder("shop")
            .service(scene.shop.group.service("web"))
            .service(scene.shop.group.service("api"))
            .router(scene.router())
            .launcher(Launcher.external())
            .healthCheck(ScriptedHealthCheck.up())
            .store(new InMemoryStateStore())
            .listener(events)
            .policy(
                DeploymentPolicy.DEFAULT
                    .probing(Probing.DEFAULT.every(Duration.ofMillis(20)).passes(1))
                    .with(DeploymentPolicy.Option.STOP_FORMER_LIVE)
                    .drain(Duration.ofMinutes(10)))
            .build()) {
      assertThat(manager.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.PROMOTED);
      assertThat(manager.deployNewVersion(Release.of("2")).outcome()).isEqualTo(Outcome.PROMOTED);
    }
    assertThat(events.events())
        .filteredOn(SlotEvent.Drained.class::isInstance)
        .isNotEmpty()
        .allSatisfy(
            event -> assertThat(((SlotEvent.Drained) event).inFlight()).isEqualTo(InFlight.NONE));
    assertThat(events.events()).noneMatch(event -> event.describe().contains("drain of"));
  }

  @Test
  void requestThatTheApplicationSendsElsewhereKeepsItsColour() throws Exception {
    try (NginxClient client = new NginxClient(scene.shop.door("web"))) {
      client.send("/accel");
      // The backend waits for the switch, and then answers with X-Accel-Redirect.
      await().until(() -> scene.inFlight(Color.BLUE).equals(InFlight.some(1)));
      scene.to(Color.GREEN);
      scene.shop.redirect();
      assertThat(client.receive().body()).isEqualTo("blue");
    }
  }

  @Test
  void workerThatStandsStillMayHoldRequestsThatAreNotCountedYet() throws Exception {
    ProcessHandle still = scene.nginx.workers().get(0);
    signal("STOP", still);
    try {
      assertThat(scene.inFlight(Color.BLUE)).isEqualTo(InFlight.UNKNOWN);
    } finally {
      signal("CONT", still);
    }
    await().until(() -> scene.inFlight(Color.BLUE).isNone());
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }
}
