package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.ContainerView;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By its list of sockets a HAProxy in a container shows whether it sees the folder of the file. */
class SharedFolderTest {
  private static final Path INSIDE = Path.of("/bluegreen");

  private static final String HEAD = "# socket lvl processes\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        // 2.4.0, whose workers have numbers.
        "unix@/bluegreen/s admin all\nipv4@127.0.0.1:9999 user all\nsockpair@4 admin 1\n",
        // 2.6.12 and 3.0.0.
        "unix@/bluegreen/s admin all\nabns@s operator all\nsockpair@5 admin all\n",
        // 3.2.0 and 3.4.0.
        "sockpair@4 admin all\nunix@/bluegreen/s admin all\nabns@s operator all\n",
        // As their sources have it: an address of a kind without a name, and no level.
        "ipv6@[::1]:9999 user all\nunknown   all\nunix@/bluegreen/s admin all\n",
        // A later version may have other columns, and other kinds of addresses.
        "rhttp@s admin\nunix@/bluegreen/s admin\n"
      })
  void socketThatItHasMadeBesideTheFileProvesThatItLoadsThisFile(String sockets)
      throws IOException {
    assertThat(unproven(HEAD + sockets + "\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix@/run/haproxy/s admin all\n",
        "unix@/bluegreen/s2 admin all\n",
        "unix@/bluegreen/s/s admin all\n",
        "unix@bluegreen/s admin all\n",
        "abns@/bluegreen/s admin all\n",
        "",
        // This program may be connected to either.
        "unix@/bluegreen/s admin all\nunix@/run/haproxy/s admin all\n"
      })
  void anotherSocketProvesNothing(String sockets) throws IOException {
    Warning warning = unproven(HEAD + sockets + "\n").orElseThrow();
    assertThat(warning.costs()).contains(RouterGuarantee.RELOAD_SAFE);
    assertThat(warning.what())
        .contains("/shop.map (there /bluegreen/shop.map)", "of this name, /bluegreen/s, but has");
    assertThat(sockets.lines().map(line -> line.split(" ", -1)[0]))
        .allSatisfy(address -> assertThat(warning.what()).contains(address));
    assertThat(warning.remedy())
        .containsPattern("'- /\\S+:/bluegreen' into 'volumes:'")
        .contains("'stats socket /bluegreen/s level admin'")
        .containsPattern("RuntimeApi.unix\\(Path.of\\(\"/\\S+/s\"\\)\\)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Unknown command: 'show cli sockets'\n\n",
        "Permission denied\n\n",
        "/bluegreen/s admin all\n\n",
        HEAD + "/bluegreen/s admin all\n\n",
        HEAD + "unix@/bluegreen/s\n\n",
        HEAD + HEAD + "unix@/bluegreen/s admin all\n\n"
      })
  void listThatIsNotUnderstoodProvesNothing(String reply) throws IOException {
    assertThat(unproven(reply).orElseThrow().what()).contains("does not tell where");
  }

  @Test
  void listThatWasCutIsNoAnswer() {
    assertThatThrownBy(() -> unproven(HEAD + "unix@/bluegreen/s admin all\n"))
        .isInstanceOf(RuntimeApiException.class)
        .hasMessageContaining("was cut");
  }

  @Test
  void socketInAnotherFolderProvesNothing() throws IOException {
    try (ScriptedSocket haproxy = new ScriptedSocket(command -> null)) {
      Path file = Path.of("/srv/shop/shop.map");
      RecordFile seen = new RecordFile(file, Path.of("/etc/haproxy/shop.map"));
      Warning warning = new SharedFolder(seen).unproven(haproxy.api()).orElseThrow();
      assertThat(warning.what()).contains("is not beside it", haproxy.socket().toString());
      assertThat(warning.remedy())
          .contains("'- /srv/shop:/etc/haproxy'", "in place of a line for the file")
          .contains("'stats socket /etc/haproxy/s level admin'")
          .contains("RuntimeApi.unix(Path.of(\"/srv/shop/s\"))");
      assertThat(haproxy.received).isEmpty();
    }
  }

  /** It would lie beside the file, while HAProxy makes its socket in another folder. */
  @Test
  void linkBesideTheFileProvesNothing(@TempDir Path folder) throws IOException {
    try (ScriptedSocket haproxy =
        new ScriptedSocket(command -> HEAD + "unix@/bluegreen/s admin all\n\n")) {
      Path link = Files.createSymbolicLink(folder.resolve("s"), haproxy.socket());
      RecordFile file = new RecordFile(folder.resolve("shop.map"), INSIDE.resolve("shop.map"));
      Warning warning = new SharedFolder(file).unproven(RuntimeApi.unix(link)).orElseThrow();
      assertThat(warning.what()).contains(link + " is a link");

      Path map = haproxy.socket().resolveSibling("shop.map");
      Path linked = Files.createSymbolicLink(map, folder.resolve("shop.map"));
      RecordFile other = new RecordFile(linked, INSIDE.resolve("shop.map"));
      warning = new SharedFolder(other).unproven(haproxy.api()).orElseThrow();
      Files.delete(linked);
      assertThat(warning.what()).contains(linked + " is a link");
    }
  }

  @Test
  void folderWithTwoPathsIsOneFolder(@TempDir Path elsewhere) throws IOException {
    try (ScriptedSocket haproxy =
        new ScriptedSocket(command -> HEAD + "unix@/bluegreen/s admin all\n\n")) {
      Path folder = haproxy.socket().getParent();
      Path other = Files.createSymbolicLink(elsewhere.resolve("shop"), folder);
      RecordFile file = new RecordFile(other.resolve("shop.map"), INSIDE.resolve("shop.map"));
      assertThat(new SharedFolder(file).unproven(haproxy.api())).isEmpty();
    }
  }

  @Test
  void tcpProvesNothing() {
    RuntimeApi tcp = RuntimeApi.tcp(new InetSocketAddress("127.0.0.1", 9));
    RecordFile seen = new RecordFile(Path.of("/srv/shop/shop.map"), INSIDE.resolve("shop.map"));
    Warning warning = new SharedFolder(seen).unproven(tcp).orElseThrow();
    assertThat(warning.what()).contains("over TCP");
    assertThat(warning.remedy()).contains("'stats socket /bluegreen/admin.sock level admin'");
  }

  @Test
  void fileHasToBeInASharedFolderUnderAPathThatCommandsCanTake() {
    HaproxyRouter router =
        HaproxyRouter.map(Path.of("/srv/shop/shop.map"), RuntimeApi.unix(Path.of("/srv/shop/s")));
    assertThatThrownBy(
            () -> router.inContainer(ContainerView.ofFolder(Path.of("/srv/other"), INSIDE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mount the folder /srv/shop (not the file alone)");
    assertThatThrownBy(
            () ->
                router.inContainer(
                    ContainerView.ofFolder(Path.of("/srv/shop"), Path.of("/blue green"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("view: ");
  }

  /** Asks for a file beside the socket, in a folder that is {@code /bluegreen} in the container. */
  private static Optional<Warning> unproven(String reply) throws IOException {
    try (ScriptedSocket haproxy =
        new ScriptedSocket(command -> command.equals("show cli sockets") ? reply : null)) {
      Path file = haproxy.socket().resolveSibling("shop.map");
      return new SharedFolder(new RecordFile(file, INSIDE.resolve("shop.map")))
          .unproven(haproxy.api());
    }
  }
}
