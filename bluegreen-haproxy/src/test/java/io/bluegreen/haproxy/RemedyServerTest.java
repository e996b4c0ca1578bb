package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.contract.Backends;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each remedy that server mode names is followed to the letter, and a deployment ends well. */
@Tag("long")
class RemedyServerTest {
  private static final String BALANCE = "balance roundrobin";

  private static EditedHaproxy site() {
    return EditedHaproxy.server(UnaryOperator.identity());
  }

  /** Returns the lines of servers that a remedy quotes. */
  private static List<String> lines(String remedy) {
    List<String> lines =
        EditedHaproxy.quoted(remedy).stream().filter(line -> line.startsWith("server ")).toList();
    assertThat(lines).hasSize(2);
    return lines;
  }

  private static void endsWell(EditedHaproxy site) {
    site.endsWell(RouterGuarantee.NO_STALE);
  }

  @Test
  void missingBackendIsAddedAsItIsNamed() {
    try (EditedHaproxy site =
        EditedHaproxy.server(config -> config.replace("\nbackend web\n", "\nbackend other\n"))) {
      site.edit(config -> config.replace("default_backend web", "default_backend other"));
      site.started();
      String remedy = site.refused("no server in a backend web");
      assertThat(remedy).contains("add 'backend web', to which a frontend leads");
      site.follow(
          config ->
              config.replace("default_backend other", "default_backend web")
                  + "\nbackend web\n    "
                  + String.join("\n    ", lines(remedy))
                  + "\n");
      endsWell(site);
    }
  }

  /** As existing configurations have them; the colour that serves goes on serving. */
  @ParameterizedTest
  @CsvSource({"web1, 1, web2, 0, blue", "app-old, 0, app-new, 1, green", "web1, 1, web2, 1, blue"})
  void serversOfOtherNamesAreRenamedAsItIsNamed(
      String first, int firstWeight, String second, int secondWeight, String serving) {
    try (EditedHaproxy site = site()) {
      site.edit(
          config ->
              config
                  .replaceAll(
                      "server blue1 (\\S+) weight 100",
                      "server " + first + " $1 weight " + firstWeight)
                  .replaceAll(
                      "server green1 (\\S+) weight 0",
                      "server " + second + " $1 weight " + secondWeight));
      site.started();
      String remedy = site.refused(first);
      site.servers(lines(remedy));
      assertThat(site.seen()).isEqualTo(serving);
      endsWell(site);
    }
  }

  @Test
  void productionOnGreenIsTakenAsItIs() {
    try (EditedHaproxy site = site()) {
      site.edit(
          config ->
              config
                  .replace("weight 100", "weight 1%")
                  .replace("weight 0", "weight 100")
                  .replace("weight 1%", "weight 0"));
      site.started();
      assertThat(site.seen()).isEqualTo("green");
      assertThat(site.opened().guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
      endsWell(site);
      assertThat(site.seen()).isEqualTo("blue");
    }
  }

  @ParameterizedTest
  @EnumSource(Color.class)
  void trafficToBothColoursIsGivenToTheOneThatIsToServe(Color serving) {
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace("weight 0", "weight 100"));
      site.started();
      String remedy = site.refused("traffic to both colours");
      assertThat(remedy).contains("configure 'weight 0'", "[green1] or [blue1]");
      String out = serving.other().label();
      site.follow(config -> config.replaceAll("(server " + out + "1 \\S+ weight) 100", "$1 0"));
      assertThat(site.seen()).isEqualTo(serving.label());
      endsWell(site);
    }
  }

  @ParameterizedTest
  @EnumSource(Color.class)
  void trafficToNobodyIsGivenToTheColourThatIsToServe(Color serving) {
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace("weight 100", "weight 0"));
      site.started();
      assertThat(site.refused("traffic to no server"))
          .contains("'weight 100' instead of 'weight 0'");
      String name = serving.label();
      site.follow(config -> config.replaceAll("(server " + name + "1 \\S+ weight) 0", "$1 100"));
      endsWell(site);
    }
  }

  @Test
  void backupServersAreMadeOrdinaryOnes() {
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace("weight 0", "weight 100 backup"));
      // As people write it: the live colour, and one that jumps in.
      site.started();
      String both = site.refused("traffic to both colours");
      assertThat(both).contains("'weight 0'");
      site.follow(config -> config.replace("weight 100 backup", "weight 0 backup"));
      String remedy = site.refused("backup servers");
      assertThat(remedy).contains("remove 'backup' from them", "'weight 0'");
      site.follow(config -> config.replace(" backup", ""));
      endsWell(site);
    }
  }

  @Test
  void balancingIsConfiguredAsItIsNamed() {
    try (EditedHaproxy site = site()) {
      site.edit(config -> config.replace(BALANCE, "balance static-rr"));
      site.started();
      String refused = site.refused("static-rr");
      assertThat(EditedHaproxy.quoted(refused)).containsExactly(BALANCE);
      site.follow(config -> config.replace("balance static-rr", "balance leastconn"));
      assertThat(EditedHaproxy.quoted(site.warned("leastconn"))).containsExactly(BALANCE);
      site.follow(
          config -> config.replace("balance leastconn", EditedHaproxy.quoted(refused).get(0)));
      endsWell(site);
    }
  }

  @Test
  void stateFileThatIsNotLoadedIsLoadedAsItIsNamed() {
    try (EditedHaproxy site = site()) {
      site.edit(
          config ->
              config
                  .replaceAll("(?m)^ *server-state-file .*\n", "")
                  .replaceAll("(?m)^ *load-server-state-from-file .*\n", "")
                  .replace(BALANCE, BALANCE + "\n    load-server-state-from-file local"));
      site.started();
      RouterReport report = site.opened();
      assertThat(report.guarantees()).doesNotContain(RouterGuarantee.RELOAD_SAFE);
      List<String> lines =
          EditedHaproxy.quoted(EditedHaproxy.warning(report, "does not load").remedy());
      assertThat(lines).hasSize(2);
      site.follow(
          config ->
              config
                  .replace("global\n", "global\n    " + lines.get(0) + "\n")
                  .replace("load-server-state-from-file local", lines.get(1)));
      assertThat(site.opened().guarantees()).contains(RouterGuarantee.RELOAD_SAFE);
      endsWell(site);
    }
  }

  @Test
  void configurationThatWasNotNamedIsNamed() {
    try (EditedHaproxy site = site().started();
        HaproxyRouter router = site.bare().master(site.haproxy.master())) {
      assertThat(EditedHaproxy.warning(site.open(router), "HAProxy can't be asked").remedy())
          .contains("configuration(...)");
      endsWell(site);
    }
  }

  @Test
  void sharesThatServersOutOfServiceForbidAreMadeByMakingThemReady() {
    try (EditedHaproxy site = site().started()) {
      site.haproxy.api().setState("web", "green1", AdminState.DRAIN);
      assertThat(site.warned("maintenance or drain")).contains("by way of drain");
      site.haproxy.api().setState("web", "green1", AdminState.READY);
      endsWell(site);
    }
  }

  /** The state file has the former address, which HAProxy takes while the name is there. */
  @Test
  void addressThatWasChangedBehindARecordIsTakenByAnotherNameAsItIsNamed() throws IOException {
    try (EditedHaproxy site = site().started();
        Backends moved = new Backends("web")) {
      endsWell(site);
      String address = moved.endpoint("web", Color.BLUE);
      Service web = site.group.service("web");
      Group group =
          new Group(
              "shop",
              List.of(
                  Service.named("web")
                      .blue(address)
                      .green(site.backends.endpoint("web", Color.GREEN))
                      .frontDoor(web.frontDoor().orElseThrow().toString())));
      String before = site.address(Color.BLUE);
      site.follow(c -> c.replace(before, address.substring("http://".length())));
      try (HaproxyRouter router = site.whole()) {
        Opening opening = new Opening(group, Optional.empty(), 0);
        RouterException e = catchThrowableOfType(RouterException.class, () -> router.open(opening));
        assertThat(e).hasMessageContaining("are not the group's");
        site.servers(lines(e.getMessage()));
        assertThat(site.seen()).isEqualTo("green");
        router.open(opening);
        TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
        Known known = (Known) router.current();
        router.apply(
            new Switch(
                known.running(),
                blue,
                known.generation() + 1,
                "d",
                known.fence(),
                RenderedGroup.WITHIN));
        site.haproxy.reloaded();
        assertThat(((Known) router.current()).wholly(blue)).isTrue();
        assertThat(site.seen()).isEqualTo("blue");
      }
    }
  }
}
