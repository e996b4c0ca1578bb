package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who wants a wrong split, a lost request, a false success or a hang does not get it. */
@Tag("long")
class MapModeAttackTest extends MapModeFixture {
  private void serves(Color color) throws Exception {
    try (BrowserClient api = new BrowserClient(stage.door("api"), true);
        BrowserClient web = new BrowserClient(stage.door("web"), true)) {
      for (int i = 0; i < 20; i++) {
        assertThat(api.get()).isEqualTo("api " + color);
        assertThat(web.get()).isEqualTo("web " + color);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = AdminState.class,
      names = {"MAINT", "DRAIN"})
  void trafficIsNotMovedToServersThatAPersonTookOut(AdminState state) throws Exception {
    stage.haproxy.api().setState("web_green", "s1", state);
    RouterException e = failure(stage.change(blue, green, 1, Duration.ofSeconds(2)));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("web_green/s1").hasMessageContaining("maintenance");
    serves(Color.BLUE);
    stage.haproxy.api().setState("web_green", "s1", AdminState.READY);
    router.apply(stage.change(blue, green));
    serves(Color.GREEN);
  }

  @Test
  void aLateSwitchOfAnEarlierGenerationIsRefused() throws Exception {
    Switch late = stage.change(green, blue);
    router.apply(stage.change(blue, green));
    RouterException e = failure(late);
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("generation 1");
    serves(Color.GREEN);
  }

  @Test
  void aGenerationThatOnlyTheFileHasSeenCountsToo() throws Exception {
    Switch late = stage.change(blue, green);
    stage.change(blue, blue);
    router.apply(stage.change(blue, blue));
    stage.haproxy.api().setMap(stage.map(), "api", "0:0");
    RouterException e = failure(late);
    assertThat(e).hasMessageContaining("generation 1").hasMessageContaining("3");
    serves(Color.BLUE);
  }

  @Test
  void aDeploymentIdThatPretendsToBeLinesOfTheFileIsOnlyAComment() {
    String id = "x\n# fence 99999\r\nweb 100:9\u2028\nbluegreen:group other\n# sum 0";
    router.apply(new Switch(blue, green, 1, id, 3, RenderedGroup.WITHIN));
    assertThat(known().drift()).isEmpty();
    assertThat(known().wholly(green)).isTrue();
    assertThat(stage.mapText().lines().filter(line -> line.startsWith("# fence")))
        .containsExactly("# fence 3");
    router.apply(new Switch(green, blue, 2, id, 3, RenderedGroup.WITHIN));
    assertThat(known().wholly(blue)).isTrue();
  }

  /** Behind a replacement the file has another owner: a mode that shut others out kills a start. */
  @Test
  void aFileThatOnlyItsOwnerCouldReadCanBeReadByTheNextStart() throws Exception {
    Files.setPosixFilePermissions(stage.map(), PosixFilePermissions.fromString("rw-r-----"));
    router.apply(stage.change(blue, green));
    assertThat(Files.getPosixFilePermissions(stage.map()))
        .contains(PosixFilePermission.OTHERS_READ);
  }

  @Test
  void aLinkThatWasPutInPlaceOfTheFileIsNotFollowed() throws Exception {
    Path other = Files.writeString(stage.haproxy.dir.resolve("other"), "precious\n");
    Files.delete(stage.map());
    Files.createSymbolicLink(stage.map(), other);
    RouterException e = failure(stage.change(blue, green));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(Files.readString(other)).isEqualTo("precious\n");
    serves(Color.BLUE);
  }

  @Test
  void aCommandThatTakesEffectBehindItsDeadlineLosesToTheNextSwitch() throws Exception {
    router.apply(stage.change(blue, blue));
    TrafficSplit one = stage.split(0, 100);
    long worker = stage.haproxy.api().info().pid();
    for (int i = 0; i < 5; i++) {
      RealHaproxy.signal("-STOP", worker);
      RouterException e = failure(stage.change(blue, one, 1, Duration.ofMillis(400)));
      assertThat(e.effect()).isNotEqualTo(Effect.CHANGED);
      // What a shell or another process left in the socket's buffer, too.
      try (RuntimeApiLater late = new RuntimeApiLater(stage.haproxy)) {
        late.send("set map " + stage.map() + " web 100:" + stage.generation());
        RealHaproxy.signal("-CONT", worker);
        late.awaitReply();
      }
      Known found = known();
      assertThat(List.of(blue, one)).contains(found.running());
      router.apply(stage.change(found.running(), blue));
      serves(Color.BLUE);
      assertThat(known().wholly(blue)).isTrue();
    }
  }

  @Test
  void aMapThatWasEmptiedByHandServesBlueAndIsSwitchedWhole() throws Exception {
    router.apply(stage.change(blue, green));
    int version = stage.haproxy.api().prepareMap(stage.map());
    stage.haproxy.api().commitMap(stage.map(), version);
    assertThat(known().running()).isEqualTo(blue);
    assertThat(known().drift()).isNotEmpty();
    router.apply(stage.change(blue, green));
    serves(Color.GREEN);
    assertThat(known().wholly(green)).isTrue();
  }

  @Test
  void aKeyThatStandsTwiceIsReadAsHaproxyReadsItAndSwitched() throws Exception {
    router.apply(stage.change(blue, blue));
    stage.haproxy.api().addMap(stage.map(), "web", "100:9");
    assertThat(known().running()).isEqualTo(blue);
    serves(Color.BLUE);
    router.apply(stage.change(blue, stage.split(0, 100)));
    try (BrowserClient web = new BrowserClient(stage.door("web"), true)) {
      assertThat(web.get()).isEqualTo("web green");
    }
    router.apply(stage.change(stage.split(0, 100), blue));
    serves(Color.BLUE);
  }

  @Test
  void aReloadedConfigurationWithoutTheMapIsToldAndNothingIsWritten() {
    router.apply(stage.change(blue, blue));
    String file = stage.mapText();
    String config = stage.haproxy.read("haproxy.cfg");
    stage.haproxy.write(
        "haproxy.cfg", config.replaceAll(",map_str\\([^)]*\\)", "").replace("str(", "str("));
    stage.haproxy.reloaded();
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    RouterException e = failure(stage.change(blue, green));
    assertThat(e).hasMessageContaining("Unknown map");
    assertThat(stage.mapText()).isEqualTo(file);
  }

  @Test
  void twoWhoWriteAtOnceAgainstAllRulesLeaveOneWholeSplit() {
    HaproxyRouter second = stage.opened();
    for (int i = 0; i < 40; i++) {
      Switch there = stage.change(blue, green);
      Switch back = stage.change(green, blue);
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(() -> attempt(second, back), work -> new Thread(work).start());
      attempt(router, there);
      other.join();
      assertThat(List.of(blue, green)).contains(known().running());
      attempt(router, stage.change(known().running(), blue));
      assertThat(known().wholly(blue)).isTrue();
    }
  }

  private static void attempt(HaproxyRouter router, Switch change) {
    try {
      router.apply(change);
    } catch (RouterException e) {
      assertThat(e.effect()).isNotNull();
    }
  }

  @Test
  void aLimitThatIsFarTooShortEndsInAWholeSplit() throws Exception {
    for (int micros : new int[] {1, 100, 500, 1_000, 2_000, 4_000, 8_000}) {
      Known before = known();
      TrafficSplit to = before.running().equals(blue) ? green : blue;
      Switch change = stage.change(before.running(), to, 1, Duration.ofNanos(micros * 1_000L));
      attempt(router, change);
      assertThat(List.of(blue, green)).contains(known().running());
      router.apply(stage.change(known().running(), to));
      serves(to.equals(blue) ? Color.BLUE : Color.GREEN);
    }
  }

  @Test
  void aFormerWorkerThatHangsKeepsApplyFromCallingItProvenAndFromHanging() throws Exception {
    try (BrowserClient held = new BrowserClient(stage.door("web"), true);
        java.net.Socket silent =
            new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), stage.door("web"))) {
      held.get();
      long former = stage.haproxy.api().info().pid();
      Awaitility.await()
          .until(() -> silent.isConnected() && !stage.haproxy.api().sessions().isEmpty());
      stage.haproxy.reloaded();
      RealHaproxy.signal("-STOP", former);
      try {
        RouterException e = failure(stage.change(blue, green, 1, Duration.ofSeconds(2)));
        assertThat(e.effect()).isNotEqualTo(Effect.UNCHANGED);
      } finally {
        RealHaproxy.signal("-CONT", former);
      }
      router.apply(stage.change(green, green));
      serves(Color.GREEN);
    }
  }

  @Test
  void aSocketsPlaceThatIsTakenBySomethingElseIsNotWaitedFor() throws Exception {
    Path fake = Files.writeString(stage.haproxy.dir.resolve("fake"), "");
    for (Path path : List.of(fake, stage.haproxy.dir, Path.of("/dev/null"))) {
      RuntimeApiException e =
          catchThrowableOfType(RuntimeApiException.class, () -> RuntimeApi.unix(path).info());
      assertThat(e.kind()).isEqualTo(RuntimeApiException.Kind.UNREACHABLE);
    }
  }
}
