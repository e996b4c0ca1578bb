package io.bluegreen.examples.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.ContainerView;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.haproxy.HaproxyRouter;
import io.bluegreen.haproxy.MasterApi;
import io.bluegreen.haproxy.RenderedHaproxy;
import io.bluegreen.haproxy.RuntimeApi;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the module's page says of a HAProxy in a container. */
class HaproxyContainerGuideTest {
  @Test
  void configurationSpeaksInThePathsAndAddressesOfTheContainer() {
    // snippet: haproxy-container
    ContainerView view =
        ContainerView.ofFolder(Path.of("/srv/shop/proxy"), Path.of("/bluegreen"))
            .address("http://127.0.0.1:5005", "http://172.28.0.10:8080")
            .address("http://127.0.0.1:5006", "http://172.28.0.11:8080")
            .address("http://127.0.0.1:8080", "http://0.0.0.0:80"); // a published port
    HaproxyRouter router =
        HaproxyRouter.map(
                Path.of("/srv/shop/proxy/shop.map"),
                RuntimeApi.unix(Path.of("/srv/shop/proxy/admin.sock")))
            .master(MasterApi.unix(Path.of("/srv/shop/proxy/master.sock")))
            .inContainer(view);
    // end
    Service web =
        Service.named("web")
            .blue("http://127.0.0.1:5005")
            .green("http://127.0.0.1:5006")
            .frontDoor("http://127.0.0.1:8080");
    RenderedHaproxy rendered = router.renderConfig(new Group("shop", List.of(web)));
    assertThat(rendered.haproxyCfg())
        .contains("stats socket /bluegreen/admin.sock mode 600 level admin")
        .contains("map_str(/bluegreen/shop.map,0:0)", "bind 0.0.0.0:80\n")
        .contains("server s1 172.28.0.10:8080\n", "server s1 172.28.0.11:8080\n")
        .contains("# /bluegreen/shop.map is what this library replaces as /srv/shop/proxy/shop.map")
        .doesNotContain("127.0.0.1");
    router.close();
  }
}
