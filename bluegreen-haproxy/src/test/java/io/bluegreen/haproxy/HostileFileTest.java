package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger makes of the map file. */
@Tag("long")
class HostileFileTest extends MapModeFixture {
  /** What a person, an editor or another tool may make of the file; HAProxy's reading counts. */
  @Test
  void whateverStandsInTheFileIsReadAsHaproxyReadsItAtItsNextReload() throws Exception {
    router.apply(stage.change(blue, green));
    RoutingMode scheme = new MapMode(stage.group, new RecordFile(stage.map()));
    String mark = "bluegreen:group shop\napi 0:1\n";
    for (String text :
        List.of(
            stage.mapText().replace("\n", "\r\n"),
            mark + "web 100:1\nweb 0:1\n",
            mark + "web 0:1\nweb 100:1\n",
            mark + " # web 0:1\n\t web \t 100:3  \t\r\n",
            mark + "x 1\rweb 100:1\n",
            mark + "web 0:1\rweb 100:1\n",
            mark + "web 100:1",
            mark + "\fweb 100:1\n",
            mark + "web\f100:1\n",
            mark + "web 100:1\0 nothing\n",
            mark + "#web 100:1\n",
            mark + "web 100\n",
            mark + "web 100:x\n",
            mark + "web 100:\n",
            mark + "web 0100:1\n",
            mark + "web 250:1\n",
            mark + "web -5:1\n",
            mark + "web +100:1\n",
            mark + "web\n",
            mark + "web :1\n",
            mark + "web purple\n",
            mark + "bluegreen:group other\nweb 100:1\n",
            mark)) {
      stage.haproxy.write("shop.map", text);
      Optional<TrafficSplit> told = scheme.durable(stage.haproxy.api()).split();
      stage.haproxy.reloaded();
      Optional<TrafficSplit> found = scheme.served(stage.haproxy.api()).split();
      String what = text.replace("\n", "|");
      assertThat(told).describedAs(what).isEqualTo(found);
      if (found.isPresent()) {
        assertThat(seen("web"))
            .describedAs(what)
            .isEqualTo(found.get().share("web", Color.GREEN) == 100 ? "web green" : "web blue");
      } else {
        assertThat(router.current()).describedAs(what).isInstanceOf(RouterTruth.Unreachable.class);
      }
    }
  }

  @Test
  void aFileOfWhichNobodyKnowsWhatItWouldServeIsNotTakenForBlue() {
    router.apply(stage.change(blue, blue));
    stage.haproxy.write("shop.map", stage.mapText().replace("web 0:1", "web 100"));
    assertThat(router.current())
        .isInstanceOf(RouterTruth.Unreachable.class)
        .asString()
        .contains("next reload", "put the value right");
  }

  @Test
  void aMarkThatBecameAnotherGroupsBehindOpenIsRefusedInTheFileAndInTheMap() throws Exception {
    router.apply(stage.change(blue, blue));
    String whole = stage.mapText();
    String foreign = whole.replace("bluegreen:group shop", "bluegreen:group other");
    stage.haproxy.write("shop.map", foreign);
    RouterException inFile = failure(stage.change(blue, green));
    assertThat(inFile.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(inFile).hasMessageContaining("group other");
    assertThat(stage.mapText()).isEqualTo(foreign);
    stage.haproxy.write("shop.map", whole);
    stage.haproxy.api().setMap(stage.map(), "bluegreen:group", "other");
    RouterException inMap = failure(stage.change(blue, green));
    assertThat(inMap.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(inMap).hasMessageContaining("group other");
    assertThat(stage.mapText()).isEqualTo(whole);
    assertThat(seen("web")).isEqualTo("web blue");
  }

  @Test
  void aMapWithoutAnyMarkIsNoProofThatHaproxyLoadsThisFile() {
    stage.haproxy.write("shop.map", "# made by hand\n");
    stage.haproxy.reloaded();
    RouterReport report = stage.unopened().open(stage.opening());
    assertThat(report.guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
    assertThat(report.warnings())
        .anyMatch(warning -> warning.remedy().contains("'bluegreen:group shop'"));
    stage.haproxy.write("shop.map", "bluegreen:group shop\n");
    stage.haproxy.reloaded();
    assertThat(stage.unopened().open(stage.opening()).guarantees())
        .contains(RouterGuarantee.RELOAD_SAFE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "huge", "directory", "link"})
  void whatIsNoFileOfOursIsNeitherReadNorReplacedNorWaitedFor(String kind) throws Exception {
    Files.delete(stage.map());
    switch (kind) {
      case "pipe" ->
          assertThat(new ProcessBuilder("mkfifo", stage.map().toString()).start().waitFor())
              .isZero();
      case "huge" -> {
        try (RandomAccessFile file = new RandomAccessFile(stage.map().toFile(), "rw")) {
          file.setLength(16L * 1024 * 1024 + 1);
        }
      }
      case "directory" -> Files.createDirectory(stage.map());
      default -> Files.createSymbolicLink(stage.map(), Path.of("/dev/zero"));
    }
    RouterException e = failure(stage.change(blue, green));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("shop.map");
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    assertThatThrownBy(stage::opened).isInstanceOf(RouterException.class);
    assertThat(seen("web")).isEqualTo("web blue");
  }

  @Test
  void twoGroupsOfOneHaproxyEachHaveAMapAndDoNotTouchTheOthers() throws Exception {
    Path map = stage.haproxy.dir.resolve("bank.map");
    Group bank =
        new Group(
            "bank",
            List.of(
                Service.named("pay")
                    .blue("http://127.0.0.1:" + stage.door("web"))
                    .green("http://127.0.0.1:" + stage.door("api"))
                    .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort())));
    HaproxyRouter second =
        stage.kept(HaproxyRouter.map(map, stage.haproxy.api()).master(stage.haproxy.master()));
    RenderedHaproxy rendered = second.renderConfig(bank);
    String both =
        stage.haproxy.read("haproxy.cfg")
            + rendered.haproxyCfg().substring(rendered.haproxyCfg().indexOf("\nfrontend"));
    stage.haproxy.write("haproxy.cfg", both);
    stage.haproxy.write("bank.map", rendered.map());
    stage.haproxy.reloaded();
    stage.healthy();
    second.open(new Router.Opening(bank, Optional.empty(), 0));
    String file = stage.mapText();
    second.apply(
        new Switch(
            TrafficSplit.all(bank, Color.BLUE),
            TrafficSplit.all(bank, Color.GREEN),
            9,
            "d",
            7,
            RenderedGroup.WITHIN));
    assertThat(stage.mapText()).isEqualTo(file);
    assertThat(((Known) router.current()).wholly(blue)).isTrue();
    router.apply(stage.change(blue, green));
    assertThat(((Known) second.current()).wholly(TrafficSplit.all(bank, Color.GREEN))).isTrue();
    assertThat(((Known) second.current()).generation()).isEqualTo(9);
    HaproxyRouter onTheOthers = stage.kept(HaproxyRouter.map(stage.map(), stage.haproxy.api()));
    assertThatThrownBy(() -> onTheOthers.open(new Router.Opening(bank, Optional.empty(), 0)))
        .hasMessageContaining("belongs to group shop");
  }
}
