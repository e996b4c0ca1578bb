package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the generated file, or of nginx, by others in reload mode. */
@Tag("long")
class ReloadDriftTest {
  @TempDir Path temp;
  private Path file;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginx() throws Exception {
    file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
    shop = new NginxShop("web", "api");
    NginxRouter described = NginxRouter.reload(file).preview("X-Bluegreen", "127.0.0.1");
    nginx = new RealNginx(described.renderConfig(shop.group).write());
    router = described.nginxCommand(nginx.command());
    router.open(shop.opening());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void editedFileIsReportedWithTheSplitThatTheNextReloadWouldServe() throws IOException {
    edit(text -> text.replace("* blue;", "* green;"));
    assertDrift(Drift.Kind.FILE_EDITED, shop.all(Color.BLUE), shop.all(Color.GREEN));
    theNextSwitchWorks();
  }

  @Test
  void tornFileIsReported() throws IOException {
    edit(text -> text.substring(0, text.length() / 2));
    assertDrift(Drift.Kind.FILE_TORN, shop.all(Color.BLUE), shop.all(Color.BLUE));
    theNextSwitchWorks();
  }

  @Test
  void fileWithoutAMarkerIsReported() throws IOException {
    edit(text -> text.substring(text.indexOf('\n') + 1));
    assertDrift(Drift.Kind.MARKER_MISSING, shop.all(Color.BLUE), shop.all(Color.BLUE));
    theNextSwitchWorks();
  }

  @Test
  void missingFileIsReported() throws IOException {
    Files.delete(file);
    assertDrift(Drift.Kind.MARKER_MISSING, shop.all(Color.BLUE), shop.all(Color.BLUE));
    theNextSwitchWorks();
  }

  @Test
  void reloadByHandWithAnotherFileIsReported() throws Exception {
    String blue = Files.readString(file);
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    Files.writeString(file, blue);
    nginx.reload();
    assertThat(NginxShop.known(router).running()).isEqualTo(shop.all(Color.BLUE));
    assertThat(NginxShop.known(router).drift())
        .extracting(Drift::kind)
        .contains(Drift.Kind.STATE_LOST);
  }

  @Test
  void reloadFromABackupOfTheStoreIsRefusedWhereTheDiskIsAhead() throws Exception {
    NginxRouter dying =
        router.checkpoint(
            point -> {
              if (point.equals("written")) {
                throw new IllegalStateException("killed");
              }
            });
    dying.open(shop.opening());
    TrafficSplit blue = shop.all(Color.BLUE);
    TrafficSplit green = shop.all(Color.GREEN);
    assertThatThrownBy(() -> dying.apply(NginxShop.change(blue, green, 5, 1)))
        .hasMessageContaining("killed");
    dying.close();
    for (long generation : new long[] {4, 5}) {
      assertThatThrownBy(() -> router.apply(NginxShop.change(blue, blue, generation, 1)))
          .isInstanceOfSatisfying(
              RouterException.class,
              e -> assertThat(e.effect()).isEqualTo(RouterException.Effect.UNCHANGED))
          .hasMessageContaining("is not above 5, which the proxy carries for " + green);
    }
    router.apply(NginxShop.change(blue, green, 5, 1));
    assertThat(NginxShop.known(router).wholly(green)).isTrue();
  }

  @Test
  void numberThatSomebodyWroteIntoTheFileStopsNoSwitch() throws Exception {
    edit(text -> text.replaceFirst("bluegreen:end [0-9]+", "bluegreen:end 999999999999999999"));
    theNextSwitchWorks();
  }

  @Test
  void generatedFileThatIsALinkIsRefusedWithTheRemedy() throws Exception {
    Path target = file.resolveSibling("target.conf");
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
    assertThatThrownBy(() -> router.open(shop.opening()))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("is not a regular file")
        .hasMessageContaining("name the file that the link leads to");
    assertThat(router.current().toString()).contains("is not a regular file");
    assertThat(file).isSymbolicLink();
  }

  @Test
  void planForAFileOfAMillionLinesIsMade() throws Exception {
    int lines = 1 << 20;
    Switch change = shop.to(router, shop.all(Color.GREEN));
    Files.writeString(file, "\n".repeat(lines));
    List<String> plan = router.plan(change);
    assertThat(plan.stream().filter("-"::equals).count()).isEqualTo(lines);
    assertThat(plan.get(plan.size() - 1)).endsWith(" -s reload");
    theNextSwitchWorks();
  }

  @Test
  void anotherGroupsFileIsRefused() throws Exception {
    edit(text -> text.replace("\"group\":\"shop\"", "\"group\":\"mart\""));
    nginx.reload();
    assertThat(NginxShop.known(router).drift())
        .extracting(Drift::kind)
        .contains(Drift.Kind.FOREIGN_MARK);
    Switch change = shop.to(router, shop.all(Color.GREEN));
    assertThatThrownBy(() -> router.apply(change)).hasMessageContaining("group mart");
    assertThatThrownBy(() -> router.open(shop.opening())).hasMessageContaining("group mart");
  }

  private void assertDrift(Drift.Kind kind, TrafficSplit runs, TrafficSplit lies) {
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.drift()).extracting(Drift::kind).contains(kind);
    assertThat(truth.running()).isEqualTo(runs);
    assertThat(truth.durable()).isEqualTo(lies);
  }

  private void theNextSwitchWorks() throws IOException {
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    assertThat(shop.ask("web")).isEqualTo("green");
    assertThat(NginxShop.known(router).wholly(shop.all(Color.GREEN))).isTrue();
    assertThat(NginxShop.known(router).drift()).isEmpty();
  }

  private void edit(UnaryOperator<String> change) throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }
}
