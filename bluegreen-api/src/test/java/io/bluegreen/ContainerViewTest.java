package io.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerViewTest {
  private static final ContainerView VIEW =
      ContainerView.ofFolder(Path.of("/srv/shop"), Path.of("/bluegreen"));

  private static final Group GROUP =
      new Group(
          "shop",
          List.of(
              Service.named("web")
                  .blue("http://127.0.0.1:5005")
                  .green("http://127.0.0.1:5006")
                  .frontDoor("http://127.0.0.1:8080"),
              Service.background("bot").blue("http://127.0.0.1:7001")));

  @Test
  void pathsInTheFolderAreTranslatedAndOthersRefused() {
    assertThat(VIEW.inside(Path.of("/srv/shop"))).isEqualTo(Path.of("/bluegreen"));
    assertThat(VIEW.inside(Path.of("/srv/shop/a/b.map"))).isEqualTo(Path.of("/bluegreen/a/b.map"));
    assertThatThrownBy(() -> VIEW.inside(Path.of("/srv/shopping/b.map")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/srv/shopping/b.map is in none of the folders")
        .hasMessageContaining("mount the folder /srv/shopping (not the file alone)");
  }

  @Test
  void theDeepestFolderCounts() {
    ContainerView two = VIEW.folder(Path.of("/srv/shop/maps"), Path.of("/maps"));
    assertThat(two.inside(Path.of("/srv/shop/maps/shop.map"))).isEqualTo(Path.of("/maps/shop.map"));
    assertThat(two.inside(Path.of("/srv/shop/x"))).isEqualTo(Path.of("/bluegreen/x"));
    assertThat(VIEW.folder(Path.of("/"), Path.of("/host")).inside(Path.of("/etc/x")))
        .isEqualTo(Path.of("/host/etc/x"));
  }

  @Test
  void addressesOfRoutedServicesAreTranslated() {
    ContainerView named =
        VIEW.address("http://127.0.0.1:5005", "http://172.28.0.10:8080")
            .address("http://127.0.0.1:5006", "http://172.28.0.11:8080")
            .address("http://127.0.0.1:8080", "http://0.0.0.0:80");
    Service web = named.inside(GROUP).service("web");
    assertThat(web.endpoints(Color.BLUE)).containsExactly(URI.create("http://172.28.0.10:8080"));
    assertThat(web.endpoints(Color.GREEN)).containsExactly(URI.create("http://172.28.0.11:8080"));
    assertThat(web.frontDoor()).contains(URI.create("http://0.0.0.0:80"));
    assertThat(named.inside(GROUP).service("bot")).isEqualTo(GROUP.service("bot"));
  }

  @Test
  void loopbackAddressIsRefusedUnlessTheNetworkIsTheSame() {
    for (String loopback :
        List.of(
            "127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3", "0.0.0.0", "[::1]", "[0:0::1]")) {
      Group group =
          new Group(
              "shop",
              List.of(
                  Service.named("web")
                      .blue("http://" + loopback + ":5005")
                      .green("http://10.0.0.7:5006")));
      assertThatThrownBy(() -> VIEW.inside(group))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("http://" + loopback + ":5005")
          .hasMessageContaining("sameNetwork()");
      assertThat(VIEW.sameNetwork().inside(group)).isEqualTo(group);
    }
  }

  @Test
  void addressIsNamedWhateverTheCaseOfItsHost() {
    Group group =
        new Group(
            "shop",
            List.of(Service.named("web").blue("http://LocalHost:5005").green("http://10.0.0.7:1")));
    assertThat(
            VIEW.address("http://localhost:5005", "http://10.0.0.8:1")
                .inside(group)
                .service("web")
                .endpoints(Color.BLUE))
        .containsExactly(URI.create("http://10.0.0.8:1"));
  }

  @Test
  void nameThatOnlyTheContainerKnowsIsRefused() {
    assertThatThrownBy(() -> VIEW.address("http://127.0.0.1:5005", "http://web-blue:5000"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inside: expected an IP address")
        .hasMessageContaining("ipv4_address");
  }

  @Test
  void whatIsNoPathOrAddressIsRefused() {
    for (String path : List.of("srv/shop", "/srv/../etc")) {
      assertThatThrownBy(() -> ContainerView.ofFolder(Path.of(path), Path.of("/x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("here: expected an absolute path without '..'");
      assertThatThrownBy(() -> VIEW.folder(Path.of("/x"), Path.of(path)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inside: expected");
    }
    assertThatThrownBy(() -> VIEW.address("http://127.0.0.1:5005", "tcp://10.0.0.1:5005"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inside: expected the scheme http, but was tcp://10.0.0.1:5005");
    assertThatThrownBy(() -> VIEW.address("127.0.0.1:5005", "http://10.0.0.1:5005"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("here");
  }
}
