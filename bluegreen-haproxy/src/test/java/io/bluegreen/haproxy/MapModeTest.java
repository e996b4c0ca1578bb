package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The router in map mode, on the real HAProxy. */
class MapModeTest {
  private RenderedGroup stage;
  private TrafficSplit blue;
  private TrafficSplit green;

  @BeforeEach
  void start() {
    stage = new RenderedGroup(RenderOptions.defaults(), "api", "web");
    blue = stage.all(Color.BLUE);
    green = stage.all(Color.GREEN);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private static Known known(HaproxyRouter router) {
    RouterTruth truth = router.current();
    assertThat(truth).isInstanceOf(Known.class);
    return (Known) truth;
  }

  @Test
  void aRenderedConfigurationKeepsEveryPromiseAndNothingIsAssignedYet() {
    HaproxyRouter router = stage.unopened();
    RouterReport report = router.open(stage.opening());
    assertThat(report.guarantees()).containsExactlyInAnyOrder(RouterGuarantee.values());
    assertThat(EditedHaproxy.warnings(report)).isEmpty();
    Known truth = known(router);
    assertThat(truth.unassigned()).containsExactlyInAnyOrder("api", "web");
    assertThat(truth.running()).isEqualTo(blue);
    assertThat(truth.generation()).isZero();
    assertThat(truth.drift()).isEmpty();
  }

  @Test
  void aSwitchIsSeenByRequestsByTruthAndByTheNextReload() throws Exception {
    HaproxyRouter router = stage.opened();
    try (BrowserClient web = new BrowserClient(stage.door("web"), true);
        BrowserClient api = new BrowserClient(stage.door("api"), true)) {
      assertThat(web.get()).isEqualTo("web blue");
      router.apply(stage.change(blue, green));
      assertThat(web.get()).isEqualTo("web green");
      assertThat(api.get()).isEqualTo("api green");
      Known truth = known(router);
      assertThat(truth.wholly(green)).isTrue();
      assertThat(truth.generation()).isEqualTo(stage.generation());
      assertThat(truth.unassigned()).isEmpty();
      assertThat(truth.drift()).isEmpty();

      router.apply(stage.change(green, stage.split(100, 0)));
      assertThat(web.get()).isEqualTo("web blue");
      assertThat(api.get()).isEqualTo("api green");
      stage.haproxy.reloaded();
      assertThat(web.get()).isEqualTo("web blue");
      assertThat(known(router).wholly(stage.split(100, 0))).isTrue();
      assertThat(known(router).generation()).isEqualTo(2);
    }
  }

  @Test
  void anApplyOfWhatIsServedAlreadyOnlyRaisesTheGeneration() {
    HaproxyRouter router = stage.opened();
    router.apply(stage.change(blue, green));
    router.apply(stage.change(green, green));
    assertThat(known(router).generation()).isEqualTo(2);
    Switch again = stage.change(blue, green);
    router.apply(again);
    router.apply(again);
    assertThat(known(router).wholly(green)).isTrue();
    assertThat(known(router).generation()).isEqualTo(3);
  }

  @Test
  void aLowerFenceIsRefusedAlsoByTheNextProcess() {
    stage.opened().apply(stage.change(blue, green, 7, RenderedGroup.WITHIN));
    HaproxyRouter next = stage.opened();
    RouterException e =
        catchThrowableOfType(
            RouterException.class,
            () -> next.apply(stage.change(green, blue, 6, RenderedGroup.WITHIN)));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(e).hasMessageContaining("fence 6 is lower than 7");
    assertThat(known(next).wholly(green)).isTrue();
    next.apply(stage.change(green, blue, 7, RenderedGroup.WITHIN));
  }

  @Test
  void aProxyThatServesNeitherSplitIsLeftAlone() {
    HaproxyRouter router = stage.opened();
    router.apply(stage.change(blue, stage.split(0, 50)));
    String file = stage.mapText();
    RouterException e =
        catchThrowableOfType(RouterException.class, () -> router.apply(stage.change(blue, green)));
    assertThat(e.effect()).isEqualTo(Effect.UNCHANGED);
    assertThat(known(router).wholly(stage.split(0, 50))).isTrue();
    assertThat(stage.mapText()).isEqualTo(file);
  }

  @Test
  void aPlanSaysEveryCommandAndTheDiffAndTouchesNothing() {
    HaproxyRouter router = stage.opened();
    router.apply(stage.change(blue, green));
    String file = stage.mapText();
    List<String> one = router.plan(stage.change(green, stage.split(100, 25)));
    assertThat(one)
        .contains(
            "replace " + stage.map() + " durably",
            "-web 100:1",
            "+web 25:2",
            "set map " + stage.map() + " web 25:2");
    assertThat(router.plan(stage.change(green, blue)))
        .contains(
            "prepare map " + stage.map(),
            "add map @<version> " + stage.map() + " web 0:3",
            "commit map @<version> " + stage.map());
    assertThat(stage.mapText()).isEqualTo(file);
    assertThat(known(router).wholly(green)).isTrue();
  }

  @Test
  void anotherGroupsMapIsRefused() {
    stage.opened().apply(stage.change(blue, green));
    Group other = new Group("other", stage.group.services());
    HaproxyRouter router = stage.unopened();
    assertThatThrownBy(() -> router.open(new Opening(other, Optional.empty(), 0)))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("belongs to group shop");
  }

  @Test
  void driftIsToldByItsKind() throws Exception {
    HaproxyRouter router = stage.opened();
    router.apply(stage.change(blue, green));
    RuntimeApi api = stage.haproxy.api();

    api.setMap(stage.map(), "web", "40:9");
    assertThat(kinds(router))
        .containsExactly(Drift.Kind.RUNNING_DIFFERS, Drift.Kind.DURABLE_DIFFERS);
    assertThat(known(router).running()).isEqualTo(stage.split(100, 40));
    assertThat(known(router).durable()).isEqualTo(green);
    api.setMap(stage.map(), "web", "100:1");

    String whole = stage.mapText();
    stage.haproxy.write("shop.map", whole.replace("web 100:1", "web 0:1"));
    assertThat(kinds(router)).containsExactly(Drift.Kind.FILE_EDITED, Drift.Kind.DURABLE_DIFFERS);
    stage.haproxy.write("shop.map", whole + "stray 1\n");
    assertThat(kinds(router)).containsExactly(Drift.Kind.FILE_EDITED);
    stage.haproxy.write("shop.map", whole.substring(0, whole.indexOf("web")));
    assertThat(kinds(router)).containsExactly(Drift.Kind.FILE_TORN, Drift.Kind.DURABLE_DIFFERS);
    stage.haproxy.write("shop.map", whole.replace("bluegreen:group shop", "bluegreen:group x"));
    assertThat(kinds(router)).containsExactly(Drift.Kind.FOREIGN_MARK);
    Files.delete(stage.map());
    assertThat(kinds(router)).contains(Drift.Kind.MARKER_MISSING);
    stage.haproxy.write("shop.map", whole);
    assertThat(kinds(router)).isEmpty();

    api.setState("web_blue", "s1", AdminState.MAINT);
    assertThat(kinds(router)).containsExactly(Drift.Kind.MAINTENANCE);
    api.setState("web_blue", "s1", AdminState.READY);

    api.setMap(stage.map(), "web", "purple");
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    api.setMap(stage.map(), "web", "100:1");
    assertThat(kinds(router)).isEmpty();

    stage.haproxy.write("shop.map", "# nothing\n");
    stage.haproxy.reloaded();
    assertThat(kinds(router)).contains(Drift.Kind.STATE_LOST, Drift.Kind.MARKER_MISSING);
    assertThat(known(router).unassigned()).containsExactlyInAnyOrder("api", "web");
    router.apply(stage.change(blue, green));
    assertThat(kinds(router)).isEmpty();
  }

  private static List<Drift.Kind> kinds(HaproxyRouter router) {
    return known(router).drift().stream().map(Drift::kind).toList();
  }

  @Test
  void whatWouldBreakAPromiseIsFoundByOpen() {
    HaproxyRouter alone = stage.kept(HaproxyRouter.map(stage.map(), stage.haproxy.api()));
    RouterReport report = alone.open(stage.opening());
    assertThat(report.guarantees())
        .containsExactlyInAnyOrder(RouterGuarantee.LOSSLESS, RouterGuarantee.ATOMIC_GROUP);
    assertThat(report.warnings()).allMatch(warning -> warning.remedy().contains("-W -S"));

    refused(
        HaproxyRouter.map(stage.haproxy.dir.resolve("other.map"), stage.haproxy.api()),
        stage.group,
        "uses no map");
    refused(
        HaproxyRouter.map(stage.map(), RuntimeApi.unix(stage.haproxy.dir.resolve("nobody.sock"))),
        stage.group,
        "no such socket");
    Service extra = Service.named("extra").blue("http://127.0.0.1:1").green("http://127.0.0.1:2");
    refused(
        HaproxyRouter.map(stage.map(), stage.haproxy.api()),
        new Group("shop", List.of(extra)),
        "add 'backend extra_blue'");
    Service web = Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2");
    refused(
        HaproxyRouter.map(stage.map(), stage.haproxy.api()),
        new Group("shop", List.of(web)),
        "no server for http://127.0.0.1:1");
  }

  private void refused(HaproxyRouter builder, Group group, String why) {
    HaproxyRouter router = stage.kept(builder);
    assertThatThrownBy(() -> router.open(new Opening(group, Optional.empty(), 0)))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aFileThatHaproxyHasNotLoadedIsRefused() {
    // What is left when two containers see different files of one path.
    stage.haproxy.api().setMap(stage.map(), "bluegreen:group", "another");
    assertThatThrownBy(stage::opened).hasMessageContaining("belongs to group another");
    String whole = stage.mapText();
    stage.haproxy.write("shop.map", "# nothing\n");
    stage.haproxy.reloaded();
    stage.haproxy.write("shop.map", whole);
    assertThatThrownBy(stage::opened).hasMessageContaining("has not loaded the file");
  }

  @Test
  void aProxyThatIsDownIsUnreachableAndAnApplyToItIsUnknown() {
    HaproxyRouter router = stage.opened();
    stage.haproxy.kill9Master();
    assertThat(router.current()).isInstanceOf(RouterTruth.Unreachable.class);
    RouterException e =
        catchThrowableOfType(
            RouterException.class,
            () -> router.apply(stage.change(blue, green, 1, java.time.Duration.ofMillis(500))));
    assertThat(e.effect()).isEqualTo(Effect.UNKNOWN);
    stage.haproxy.start();
    assertThat(known(router).wholly(blue)).isTrue();
  }
}
