package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts to cause a wrong split, a false success, a hang, or a change of a file that is not ours.
 */
@Timeout(120)
@Tag("long")
class LiveAttackTest {
  @TempDir Path temp;
  private Path state;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeGreen() throws Exception {
    state = RealNginx.open(temp).resolve("state");
    shop = new NginxShop("web");
    router = NginxRouter.live(state);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router.open(shop.opening());
    router.apply(NginxShop.change(shop.all(Color.BLUE), shop.all(Color.GREEN), 1, 7));
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void templateThatLeadsElsewhereIsNotFollowed() throws Exception {
    Path precious = Files.createDirectory(temp.resolve("precious"));
    Files.writeString(precious.resolve("file"), "content");
    Files.createSymbolicLink(state.resolve("_w/50"), precious);
    Switch half =
        NginxShop.change(
            shop.all(Color.GREEN), shop.all(Color.GREEN).with("web", Color.GREEN, 50), 2, 7);
    refused(half, "is a link or a file", Effect.UNCHANGED);
    assertThat(names(precious)).containsExactly("file");
    Files.delete(state.resolve("_w/50"));
    router.apply(half);
  }

  @Test
  void allTemplatesThatLeadElsewhereAreNotFollowed() throws Exception {
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(state.resolve("_w"), elsewhere);
    Files.createSymbolicLink(state.resolve("_w"), elsewhere);
    refused(blue(2), "is a link or a file", Effect.UNCHANGED);
    assertThat(names(elsewhere)).containsExactly("100");
  }

  @ParameterizedTest
  @ValueSource(strings = {".lock", ".last.tmp"})
  void linkInPlaceOfAFileOfOursIsNotWrittenThrough(String name) throws Exception {
    Path precious = temp.resolve("precious");
    Files.deleteIfExists(state.resolve(name));
    Files.createSymbolicLink(state.resolve(name), precious);
    try {
      router.apply(blue(2));
    } catch (RouterException refused) {
      assertThat(refused).hasMessageContaining("not a regular file");
    }
    assertThat(precious).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {".lock", ".last"})
  void pipeInPlaceOfAFileOfOursStopsNobody(String name) throws Exception {
    Files.deleteIfExists(state.resolve(name));
    pipe(state.resolve(name));
    assertThat(router.current()).isInstanceOf(RouterTruth.Known.class);
    try {
      router.apply(blue(2));
    } catch (RouterException refused) {
      assertThat(refused).hasMessageContaining("not a regular file");
    }
  }

  @Test
  void accessLogThatIsAPipeStopsNobody() throws Exception {
    pipe(temp.resolve("log"));
    NginxRouter piped = router.accessLog(temp.resolve("log"));
    piped.open(shop.opening());
    TrafficMeter meter = piped.meter().orElseThrow();
    assertThatThrownBy(meter::read).hasMessageContaining("can't be read; remedy: let this user");
    piped.close();
  }

  @Test
  void stateDirectoryThatIsALinkIsWrittenAndSwitched() throws Exception {
    Path real = Files.createDirectory(temp.resolve("real"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), real);
    try (NginxShop linked = new NginxShop("web");
        NginxRouter there = NginxRouter.live(link);
        RealNginx another = new RealNginx(there.renderConfig(linked.group).write())) {
      assertThat(another.workers()).isNotEmpty();
      there.open(linked.opening());
      there.apply(linked.to(there, linked.all(Color.GREEN)));
      assertThat(linked.ask("web")).isEqualTo("green");
    }
    assertThat(link).isSymbolicLink();
  }

  @Test
  void directoryInPlaceOfTheLinkIsNamed() throws Exception {
    Files.delete(state.resolve("current"));
    Files.createDirectory(state.resolve("current"));
    assertThat(router.current().toString()).contains("is no symbolic link; move it away");
    refused(blue(2), "is no symbolic link; move it away", Effect.UNKNOWN);
    assertThatThrownBy(() -> router.open(shop.opening()))
        .hasMessageContaining("is no symbolic link; move it away")
        .hasMessageNotContaining("does not answer");
    Files.delete(state.resolve("current"));
    router.apply(NginxShop.change(shop.all(Color.BLUE), shop.all(Color.GREEN), 2, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"format\":1,\"group\":\"shop\",\"mode\":\"live\",\"generation\":1,\"fence\":7,"
            + "\"deployment\":\"d\",\"green\":{\"web\":100}}",
        "{\"format\":1,\"group\":\"shop\",\"mode\":\"live\",\"generation\":1,\"fence\":7,"
            + "\"deployment\":\"d\",\"green\":{\"web\":4294967396},\"assigned\":[]}",
        "{\"format\":1,\"group\":\"shop\",\"mode\":\"live\",\"generation\":1,\"fence\":7,"
            + "\"deployment\":\"d\",\"green\":{\"web\":99999999999999999999},\"assigned\":[]}",
        "[]",
        ""
      })
  void damagedStatusIsReportedAndNeverThrown(String text) throws Exception {
    Files.writeString(state.resolve("current/status.json"), text);
    RouterTruth.Known truth = NginxShop.known(router);
    assertThat(truth.running()).isEqualTo(shop.all(Color.GREEN));
    assertThat(truth.drift()).extracting(Drift::kind).contains(Drift.Kind.FILE_TORN);
  }

  @Test
  void enlargedStatusIsReportedWithoutReadingItAll() throws Exception {
    Files.write(state.resolve("current/status.json"), new byte[3 << 20]);
    assertThat(router.current().toString()).contains("more than 1048576 bytes");
    refused(blue(2), "more than 1048576 bytes", Effect.UNKNOWN);
  }

  @Test
  void fenceOutlivesADamagedStatus() throws Exception {
    router.apply(NginxShop.change(shop.all(Color.GREEN), shop.all(Color.BLUE), 2, 7));
    Files.writeString(state.resolve("current/status.json"), "torn");
    Switch late = NginxShop.change(shop.all(Color.BLUE), shop.all(Color.GREEN), 3, 6);
    refused(late, "fence 6 is lower than 7", Effect.UNCHANGED);
  }

  @Test
  void noteOfTheLastGenerationThatIsNotOursIsNotRead() throws Exception {
    Path last = state.resolve(".last");
    Files.delete(last);
    Files.write(last, new byte[64 << 20]);
    assertThat(NginxShop.known(router).drift()).isEmpty();
    Files.delete(last);
    Files.createSymbolicLink(last, Path.of("99999999999999999999"));
    assertThat(NginxShop.known(router).drift()).isEmpty();
    router.apply(blue(2));
    assertThat(Files.readSymbolicLink(last)).hasToString("2");
  }

  @Test
  void directoriesInTheWayOfOurNamesAreClearedAway() throws Exception {
    Files.createDirectories(state.resolve(".current/deep/er"));
    Files.createDirectories(state.resolve("gen-2/deep/er"));
    router.apply(blue(2));
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  @Test
  void halfWrittenFilesOfAProgramThatWasKilledAreClearedAway() throws Exception {
    Path former = Files.readSymbolicLink(state.resolve("current"));
    Path left = state.resolve(former).resolve(".status.json.0123456789abcdef.tmp");
    Files.writeString(left, "half");
    router.apply(blue(2));
    assertThat(left).doesNotExist();
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  @Test
  void switchesThatFailLeaveABoundedDirectory() throws Exception {
    NginxRouter unlucky =
        router.checkpoint(
            point -> {
              if (point.equals("installed")) {
                delete(state.resolve("current"));
              }
            });
    unlucky.open(shop.opening());
    for (int i = 2; i < 12; i++) {
      Switch change =
          new Switch(shop.all(Color.GREEN), shop.all(Color.BLUE), i, "d", 7, Duration.ofMillis(20));
      assertThatThrownBy(() -> unlucky.apply(change))
          .isInstanceOfSatisfying(
              RouterException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNCHANGED));
    }
    assertThat(names(state).stream().filter(name -> name.startsWith("gen-")).count())
        .isLessThanOrEqualTo(8);
    assertThat(shop.ask("web")).isEqualTo("green");
    unlucky.close();
  }

  @Test
  void longestLimitIsALimitToo() {
    router.apply(
        new Switch(shop.all(Color.GREEN), shop.all(Color.BLUE), 2, "d", 7, Duration.ofDays(365)));
    assertThat(NginxShop.known(router).wholly(shop.all(Color.BLUE))).isTrue();
  }

  @Test
  void digitsOfAnotherLocaleDoNotMoveTheBuckets() throws Exception {
    Locale kept = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%02d".formatted(7)).as("this locale has other digits").isNotEqualTo("07");
      router.apply(
          NginxShop.change(
              shop.all(Color.GREEN), shop.all(Color.GREEN).with("web", Color.GREEN, 30), 2, 7));
      assertThat(names(state.resolve("_w/30"))).contains("00", "29").hasSize(30);
      assertThat(router.renderConfig(shop.group).nginxConf())
          .isEqualTo(Files.readString(state.resolve("nginx.conf")));
    } finally {
      Locale.setDefault(kept);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Switch blue(long generation) {
    return NginxShop.change(shop.all(Color.GREEN), shop.all(Color.BLUE), generation, 7);
  }

  private void refused(Switch change, String reason, Effect effect) {
    assertThatThrownBy(() -> router.apply(change))
        .isInstanceOfSatisfying(
            RouterException.class, e -> assertThat(e.effect()).isEqualTo(effect))
        .hasMessageContaining(reason);
  }

  private static void pipe(Path path) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
