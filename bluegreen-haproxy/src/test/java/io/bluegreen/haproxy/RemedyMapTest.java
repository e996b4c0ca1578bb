package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RecoveryChoice;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each remedy that map mode names is followed to the letter, and a deployment ends well then. */
@Tag("long")
class RemedyMapTest {
  private static EditedHaproxy site() {
    return EditedHaproxy.map(UnaryOperator.identity());
  }

  @Test
  void mapWithoutAMarkGetsTheLineThatIsNamed() {
    try (EditedHaproxy site = site()) {
      site.haproxy.write("shop.map", "# made by hand\n");
      site.started();
      assertThat(site.opened().guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
      String line = EditedHaproxy.quoted(site.warned("is marked")).get(0);
      site.haproxy.write("shop.map", "# made by hand\n" + line + "\n");
      site.haproxy.reloaded();
      assertThat(EditedHaproxy.warnings(site.opened())).isEmpty();
      site.endsWell();
    }
  }

  @Test
  void mapWithoutAMarkServesAHostThatAcceptsIt() {
    try (EditedHaproxy site = site()) {
      site.haproxy.write("shop.map", "");
      site.started().endsWell(RouterGuarantee.RELOAD_SAFE);
    }
  }

  @Test
  void mapThatIsNotThereIsWrittenByTheFirstSwitch() throws IOException {
    try (EditedHaproxy site = site().started()) {
      Files.delete(site.haproxy.dir.resolve("shop.map"));
      assertThat(site.warned("is not there")).startsWith("nothing needs to be done");
      site.endsWell();
    }
  }

  @Test
  void mapThatWasLostAfterASwitchIsWrittenAgainByAdopting() throws IOException {
    try (EditedHaproxy site = site().started()) {
      site.endsWell();
      Files.delete(site.haproxy.dir.resolve("shop.map"));
      assertThat(site.warned("is not there")).contains("recover(ADOPT");
      site.settle(RecoveryChoice.ADOPT);
      assertThat(site.seen()).isEqualTo("green");
      site.endsWell();
    }
  }

  @Test
  void fileThatHaproxyHasNotLoadedIsLoadedByAReload() {
    try (EditedHaproxy site = site()) {
      String marked = site.haproxy.read("shop.map");
      site.haproxy.write("shop.map", "");
      site.started();
      site.haproxy.write("shop.map", marked);
      assertThat(site.refused("has not loaded")).startsWith("reload HAProxy;");
      site.haproxy.reloaded();
      site.endsWell();
    }
  }

  @Test
  void configurationThatUsesNoMapGetsTheFileAndTheLookupThatAreNamed() throws IOException {
    try (EditedHaproxy site =
        EditedHaproxy.map(config -> config.replaceAll("map_str\\([^)]*\\)", "lower"))) {
      Files.delete(site.haproxy.dir.resolve("shop.map"));
      site.started();
      String remedy = site.refused("uses no map");
      site.haproxy.write("shop.map", EditedHaproxy.quoted(remedy).get(0) + "\n");
      String lookup = remedy.substring(remedy.indexOf("map_str("), remedy.indexOf(")") + 1);
      site.follow(config -> config.replace("str(web),lower", "str(web)," + lookup));
      site.endsWell();
    }
  }

  @Test
  void productionOnGreenWithoutAMapStaysThereAsTheRemedyIsFollowed() throws IOException {
    try (EditedHaproxy site =
        EditedHaproxy.map(
            config -> config.replaceAll("str\\(web\\),map_str\\([^)]*\\)", "str(100:0)"))) {
      Files.delete(site.haproxy.dir.resolve("shop.map"));
      site.started();
      assertThat(site.seen()).isEqualTo("green");
      String remedy = site.refused("uses no map");
      List<String> lines = EditedHaproxy.quoted(remedy.replace("<service>", "web"));
      site.haproxy.write("shop.map", String.join("\n", lines) + "\n");
      String lookup = remedy.substring(remedy.indexOf("map_str("), remedy.indexOf(")") + 1);
      site.follow(config -> config.replace("str(100:0)", "str(web)," + lookup));
      assertThat(site.seen()).isEqualTo("green");
      site.endsWell();
    }
  }

  @Test
  void missingBackendIsAddedAsItIsNamed() {
    try (EditedHaproxy site =
        EditedHaproxy.map(config -> config.replace("backend web_green", "backend other"))
            .started()) {
      List<String> lines = EditedHaproxy.quoted(site.refused("no server in a backend web_green"));
      assertThat(lines).hasSize(2);
      site.follow(
          config ->
              config.replace("use_backend other", "use_backend web_green")
                  + "\n"
                  + lines.get(0)
                  + "\n    "
                  + lines.get(1)
                  + "\n");
      site.endsWell();
    }
  }

  @Test
  void serversOfAnotherAddressAreReplacedAsItIsNamed() {
    int stranger = RealHaproxy.freePort();
    try (EditedHaproxy site =
        EditedHaproxy.map(
            config ->
                config.replaceAll(
                    "(backend web_green\n *server s1) .*", "$1 127.0.0.1:" + stranger))) {
      site.started();
      List<String> lines = EditedHaproxy.quoted(site.refused("are not the group's"));
      site.follow(config -> config.replace("server s1 127.0.0.1:" + stranger, lines.get(0)));
      site.endsWell();
    }
  }

  @Test
  void linkInPlaceOfTheFileIsNamedItselfInBothPlaces() throws IOException {
    try (EditedHaproxy site = site()) {
      Path link = site.haproxy.dir.resolve("shop.map");
      Path file = site.haproxy.dir.resolve("real.map");
      Files.move(link, file);
      Files.createSymbolicLink(link, file);
      site.started();
      RouterException e = catchThrowableOfType(RouterException.class, site::opened);
      assertThat(e)
          .hasMessageContaining("symbolic link")
          .hasMessageContaining("name the file itself");
      site.follow(config -> config.replace("shop.map", "real.map"));
      site.endsWell(HaproxyRouter.map(file, site.haproxy.api()).master(site.haproxy.master()));
    }
  }

  @Test
  void groupThatMeetsAnothersMapGetsOneOfItsOwn() {
    try (EditedHaproxy site = site().started()) {
      Group other = new Group("bank", site.group.services());
      try (HaproxyRouter router = site.whole()) {
        RouterException e =
            catchThrowableOfType(
                RouterException.class, () -> router.open(new Opening(other, Optional.empty(), 0)));
        assertThat(e)
            .hasMessageContaining("belongs to group shop")
            .hasMessageContaining("of its own");
      }
      // The services are the other group's by now, by a map of its own.
      Path own = site.haproxy.dir.resolve("bank.map");
      try (HaproxyRouter router =
          HaproxyRouter.map(own, site.haproxy.api()).master(site.haproxy.master())) {
        site.haproxy.write("bank.map", router.renderConfig(other).map());
        site.follow(config -> config.replace("shop.map", "bank.map"));
        RouterReport report = router.open(new Opening(other, Optional.empty(), 0));
        assertThat(EditedHaproxy.warnings(report)).isEmpty();
      }
    }
  }

  @Test
  void socketsOfALowerLevelAreConfiguredAsItIsNamed() {
    try (EditedHaproxy site =
        EditedHaproxy.map(config -> config.replace("level admin", "level operator"))) {
      site.haproxy.masterLevel("operator");
      site.started();
      String admin = site.refused("the admin socket has the level operator");
      site.follow(config -> config.replace("level operator", EditedHaproxy.quoted(admin).get(0)));
      String master = site.refused("the master's socket has the level operator");
      assertThat(EditedHaproxy.quoted(master)).containsExactly(",level,admin");
      site.haproxy.kill9Master();
      site.haproxy.masterLevel("admin");
      site.haproxy.start();
      site.endsWell();
    }
  }

  @Test
  void masterThatWasNotNamedIsNamed() {
    try (EditedHaproxy site = site().started();
        HaproxyRouter alone = site.bare()) {
      RouterReport report = site.open(alone);
      assertThat(report.warnings()).hasSize(3).allMatch(w -> w.remedy().contains("-W -S <socket>"));
      assertThat(report.warnings().get(0).remedy()).contains("recover() with REPAIR");
      site.endsWell();
      // The other way that is named, where there is no master.
      site.haproxy.api().setMap(site.haproxy.dir.resolve("shop.map"), "web", "0:0");
      site.settle(RecoveryChoice.REPAIR);
      assertThat(site.seen()).isEqualTo("green");
    }
  }

  @Test
  void valuesThatCanNotBeReadAreSetAsItIsNamed() {
    try (EditedHaproxy site = site().started()) {
      Path map = site.haproxy.dir.resolve("shop.map");
      site.endsWell();
      site.haproxy.api().setMap(map, "web", "purple");
      String command = EditedHaproxy.quoted(unreachable(site)).get(0);
      assertThat(command).isEqualTo("set map " + map + " <service> 0:0");
      site.haproxy.api().setMap(map, "web", "100:0");
      site.settle(RecoveryChoice.ADOPT);
      site.endsWell();

      String whole = site.haproxy.read("shop.map");
      site.haproxy.write("shop.map", whole.replaceAll("web 0:\\d+", "web purple"));
      assertThat(unreachable(site)).contains("web purple", "<service> 0:0", "recover(ADOPT");
      site.haproxy.write("shop.map", whole.replaceAll("web 0:\\d+", "web 0:0"));
      site.settle(RecoveryChoice.ADOPT);
      site.endsWell();
    }
  }

  private static String unreachable(EditedHaproxy site) {
    try (HaproxyRouter router = site.whole()) {
      site.open(router);
      RouterTruth truth = router.current();
      assertThat(truth).isInstanceOf(RouterTruth.Unreachable.class);
      return ((RouterTruth.Unreachable) truth).reason();
    }
  }

  @Test
  void serversThatAreNotCheckedOrOutOfServiceAreMadeReadyAsItIsNamed() {
    try (EditedHaproxy site =
        EditedHaproxy.map(config -> config.replace("default-server check", "default-server"))
            .started()) {
      assertThat(site.warned("does not check")).startsWith("add 'check' to these servers");
      site.follow(
          config ->
              config
                  .replaceAll("(?m)^( *server s1 .*)$", "$1 check")
                  .replaceAll("(?m)^(backend web_.*)$", "$1\n    option httpchk GET /"));
      site.haproxy.api().setState("web_green", "s1", AdminState.MAINT);
      assertThat(site.warned("maintenance or drain")).contains("ready by way of drain");
      site.haproxy.api().setState("web_green", "s1", AdminState.DRAIN);
      site.haproxy.api().setState("web_green", "s1", AdminState.READY);
      assertThat(EditedHaproxy.warnings(site.opened())).isEmpty();
      site.endsWell();
      assertThat(site.seen()).isEqualTo(Color.GREEN.label());
    }
  }
}
