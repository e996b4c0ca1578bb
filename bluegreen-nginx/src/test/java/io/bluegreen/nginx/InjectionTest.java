package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Group;
import io.bluegreen.Release;
import io.bluegreen.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * nginx -t accepts most of these texts, so that the router must refuse them before it writes
 * anything.
 */
class InjectionTest {
  @TempDir Path temp;
  private Map<Path, String> before = Map.of();

  @BeforeEach
  void writeWhatAGoodOneHas() throws IOException {
    Group group = new Group("shop", List.of(service()));
    NginxRouter.live(temp.resolve("state")).renderConfig(group).write();
    NginxRouter.reload(temp.resolve("conf/shop.conf")).renderConfig(group).write();
    before = tree();
    assertThat(before).containsKeys(temp.resolve("conf/shop.conf"));
  }

  static Stream<String> hostile() {
    return Stream.of(
        "a;b",
        "a; } server { listen 1; root /etc; } upstream z { server x",
        "a\nb",
        "a\rb",
        "a\tmax_fails=0",
        "a b",
        "a}b",
        "a{b",
        "a$request_id",
        "a\"b",
        "a'b",
        "a\\b",
        "a#b",
        "a`id`",
        "a\0b",
        "a\u2028b",
        "../a",
        "a/../../b",
        "..",
        "-rf",
        "\u00e4",
        "",
        "x".repeat(300));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileNamesOfServicesAndGroupsAreRefused(String text) {
    refused(() -> Service.named(text));
    refused(() -> new Group(text, List.of(service())));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileVersionsAndNamesOfAttributesAreRefused(String text) {
    refused(() -> Release.of(text));
    refused(() -> Release.of("1.0").with(text, "value"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileHostsAreRefused(String text) {
    refused(
        () ->
            render(
                NginxRouter.live(temp.resolve("state")),
                Service.named("web")
                    .blue("http://" + text + ":8080")
                    .green("http://127.0.0.1:2")
                    .frontDoor("http://127.0.0.1:3")));
    refused(
        () ->
            render(
                NginxRouter.live(temp.resolve("state")),
                service().frontDoor("http://" + text + ":8080")));
    refused(() -> NginxRouter.live(temp.resolve("state")).status("http://" + text + ":8080"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileHeadersCookiesNetworksAndUsersAreRefused(String text) {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    refused(() -> router.preview(text, "127.0.0.1"));
    refused(() -> router.preview("X-Bluegreen", text));
    refused(() -> router.stickyCookie(text));
    refused(() -> router.workerUser(text));
  }

  @Test
  void textThatIsOneCharacterTooLongIsRefused() {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    longest(63, name -> Service.named(name));
    longest(63, name -> new Group(name, List.of(service())));
    longest(128, Release::of);
    longest(32, name -> Release.of("1").with(name, "v"));
    longest(512, value -> Release.of("1").with("name", value));
    longest(64, header -> router.preview(header, "::1"));
    longest(32, router::stickyCookie);
    longest(32, router::workerUser);
    longest(200, name -> router.accessLog(Path.of("/" + name)));
    longest(200, name -> NginxRouter.live(Path.of("/" + name)));
    longest(198, name -> NginxRouter.reload(Path.of("/d/" + name)));
    longest(106, name -> router.statusSocket(Path.of("/" + name)));
    refused(() -> Service.named("web").blue("http://" + "x".repeat(254) + ":80"));
  }

  /** The default socket lies in the directory; the user may name another one. */
  @Test
  void directoryThatIsTooLongForASocketNeedsAnotherDoor() {
    NginxRouter router = NginxRouter.live(Path.of("/" + "x".repeat(150)));
    refused(() -> render(router, service()));
    assertThat(render(router.status("http://127.0.0.1:9"), service())).contains("127.0.0.1:9");
  }

  private void longest(int length, Consumer<String> entry) {
    entry.accept("x".repeat(length));
    refused(() -> entry.accept("x".repeat(length + 1)));
  }

  @Test
  void commandsThatNobodyCanRunAreRefused() {
    NginxRouter router = NginxRouter.reload(temp.resolve("conf/shop.conf"));
    for (List<String> argv : List.of(List.<String>of(), List.of(" "), List.of("nginx", "a\0b"))) {
      refused(() -> router.nginxCommand(argv));
      refused(() -> router.testCommand(argv.toArray(String[]::new)));
      refused(() -> router.reloadCommand(argv.toArray(String[]::new)));
    }
  }

  @ParameterizedTest
  @MethodSource("hostilePaths")
  void hostilePathsAreRefused(String text) {
    refused(() -> NginxRouter.live(temp.resolve(text)));
    refused(() -> NginxRouter.reload(temp.resolve(text)));
    refused(() -> NginxRouter.reload(temp.resolve(text).resolve("shop.conf")));
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    refused(() -> router.accessLog(temp.resolve(text)));
    refused(() -> router.errorLog(temp.resolve(text)));
    refused(() -> router.pidFile(temp.resolve(text)));
    refused(() -> router.statusSocket(temp.resolve(text)));
  }

  /** The hostile texts that are paths at all. */
  static Stream<String> hostilePaths() {
    return hostile().filter(text -> !text.contains("\0") && !List.of("", "-rf").contains(text));
  }

  @Test
  void portsThatNobodyHasAreRefused() {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    for (int port : new int[] {0, -1, 65_536, 99_999}) {
      refused(() -> router.directPorts("web", port, 8080));
      refused(() -> router.status("http://127.0.0.1:" + port));
      refused(() -> Service.named("web").blue("http://127.0.0.1:" + port));
    }
    refused(() -> router.directPorts("web", 8080, 8080));
  }

  @Test
  void statusIsNeverOpenToOthers() {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    refused(() -> router.status("http://0.0.0.0:8099"));
    refused(() -> router.status("http://192.168.0.1:8099"));
    refused(() -> router.status("http://[::]:8099"));
    refused(() -> router.status("http://127.0.0.1:8099/path"));
    refused(() -> router.status("http://user@127.0.0.1:8099"));
  }

  @Test
  void addressesThatNginxCanNotServeAreRefused() {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    Service web = Service.named("web").green("http://127.0.0.1:2").frontDoor("http://127.0.0.1:3");
    refused(() -> render(router, web.blue("http://no-such-host.invalid:80")));
    refused(() -> render(router, web.blue("https://127.0.0.1:443")));
    refused(() -> render(router, web.blue("tcp://127.0.0.1:443")));
    refused(() -> render(router, web.blue("http://[fe80::1%25eth0]:80")));
    refused(() -> render(router, web.blue("http://[fe80::1]:80")));
    refused(
        () ->
            render(
                router,
                Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2")));
    refused(() -> render(router.directPorts("nobody", 1, 2), service()));
  }

  @Test
  void namesThatBecomeOneVariableAreRefused() {
    NginxRouter router = NginxRouter.live(temp.resolve("state"));
    refused(() -> router.renderConfig(new Group("a--b", List.of(service()))));
    refused(() -> router.renderConfig(new Group("a-", List.of(service()))));
  }

  @Test
  void hostNamesAreRenderedAsTheirAddress() {
    String conf =
        render(
            NginxRouter.live(temp.resolve("state")),
            service().blue("http://localhost:8081").green("http://[::1]:8082"));
    assertThat(conf).contains("server 127.0.0.1:8081 ", "server [::1]:8082 ");
    assertThat(conf).doesNotContain("localhost");
  }

  private static Service service() {
    return Service.named("web")
        .blue("http://127.0.0.1:1")
        .green("http://127.0.0.1:2")
        .frontDoor("http://127.0.0.1:3");
  }

  private static String render(NginxRouter router, Service service) {
    return router.renderConfig(new Group("shop", List.of(service))).nginxConf();
  }

  private void refused(Runnable entry) {
    assertThatThrownBy(entry::run).isInstanceOf(IllegalArgumentException.class);
    assertThat(tree()).as("every byte").isEqualTo(before);
  }

  private Map<Path, String> tree() {
    try (var files = Files.walk(temp)) {
      Map<Path, String> tree = new TreeMap<>();
      for (Path file : files.toList()) {
        tree.put(file, Files.isDirectory(file) ? "directory" : Files.readString(file));
      }
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
