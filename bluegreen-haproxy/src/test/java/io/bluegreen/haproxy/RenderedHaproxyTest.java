package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gets into a rendered configuration, and what its preview lets through. */
class RenderedHaproxyTest {
  private static final String HEADER = "X-Preview-Colour";

  /** The frontend or a backend of another service may have that name. */
  @ParameterizedTest
  @ValueSource(strings = {"web_blue", "web_green", "web_blue_asked", "direct_web", "front_web"})
  void aNameThatCouldBeAPartOfAnotherServiceIsRefused(String name) {
    refused(() -> render(name));
    assertThat(render("web_shop").haproxyCfg()).contains("\nbackend web_shop_blue\n");
  }

  private static RenderedHaproxy render(String service) {
    Service web =
        Service.named(service)
            .blue("http://127.0.0.1:5005")
            .green("http://127.0.0.1:5006")
            .frontDoor("http://127.0.0.1:8080");
    Path dir = Path.of("/run/shop");
    try (HaproxyRouter router =
        HaproxyRouter.map(dir.resolve("map"), RuntimeApi.unix(dir.resolve("sock")))) {
      return router.renderConfig(new Group("shop", List.of(web)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/x y",
        "/x\n    server evil 127.0.0.1:1",
        "/x#",
        "/x\"",
        "/x'",
        "/x\\",
        "/${HOME}",
        "/x\r",
        "x;y",
        "%[env(HOME)]",
        "/\u00e4",
        "{ src 0.0.0.0/0 }",
        "a b"
      })
  void aHostileOptionIsRefused(String hostile) {
    RenderOptions options = RenderOptions.defaults();
    refused(() -> options.healthPath(hostile));
    refused(() -> options.stickyCookie(hostile));
    refused(() -> options.preview(hostile, "10.0.0.0/8"));
    refused(() -> options.preview(HEADER, hostile));
    refused(() -> options.direct("web", Color.BLUE, hostile));
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  /** HAProxy would resolve a name by itself at each start, and bind and serve another address. */
  @Test
  void addressesAreRenderedAsTheyAreProved() {
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("web")
                    .blue("http://localhost:8001")
                    .green("http://[::1]:8002")
                    .frontDoor("http://localhost:8080")));
    Path dir = Path.of("/run/shop");
    RenderOptions all = RenderOptions.defaults().direct("web", Color.BLUE, "127.0.0.1:8003");
    for (HaproxyRouter builder :
        List.of(
            HaproxyRouter.map(dir.resolve("map"), RuntimeApi.unix(dir.resolve("sock"))),
            HaproxyRouter.server(dir.resolve("state"), RuntimeApi.unix(dir.resolve("sock"))))) {
      try (HaproxyRouter router = builder) {
        assertThat(router.renderConfig(group, all).haproxyCfg())
            .contains("bind 127.0.0.1:8080", " 127.0.0.1:8001", " [::1]:8002")
            .doesNotContain("localhost");
      }
    }
    assertThat(
            new WantedServers("web_blue", List.of(group.slot("web", Color.BLUE)), List.of())
                .remedy())
        .contains("'server s1 127.0.0.1:8001 check'");
  }

  @Test
  void aPreviewIsOffUnlessItIsAskedForAndItsHeaderIsForNobodyBehindIt() throws Exception {
    try (Told blue = new Told("blue");
        Told green = new Told("green")) {
      Group group =
          new Group(
              "shop",
              List.of(
                  Service.named("web")
                      .blue(blue.endpoint())
                      .green(green.endpoint())
                      .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort())));
      try (RenderedGroup off = new RenderedGroup(RenderOptions.defaults(), group);
          BrowserClient web = new BrowserClient(off.door("web"), true)) {
        assertThat(web.get(HEADER + ": green")).isEqualTo("blue told green");
      }
      RenderOptions far = RenderOptions.defaults().preview(HEADER, "10.0.0.0/8");
      try (RenderedGroup untrusted = new RenderedGroup(far, group);
          BrowserClient web = new BrowserClient(untrusted.door("web"), true)) {
        assertThat(web.get(HEADER + ": green")).isEqualTo("blue told nothing");
      }
      RenderOptions near = RenderOptions.defaults().preview(HEADER, "10.0.0.0/8", "127.0.0.0/8");
      try (RenderedGroup trusted = new RenderedGroup(near, group);
          BrowserClient web = new BrowserClient(trusted.door("web"), true)) {
        trusted.healthy();
        assertThat(web.get(HEADER + ": green")).isEqualTo("green told nothing");
        assertThat(web.get(HEADER + ": GREEN")).isEqualTo("green told nothing");
        assertThat(web.get(HEADER + ": green", HEADER + ": blue")).endsWith("told nothing");
        assertThat(web.get(HEADER + ": web_green")).isEqualTo("blue told nothing");
        trusted.opened().apply(trusted.change(trusted.all(Color.BLUE), trusted.all(Color.GREEN)));
        assertThat(web.get()).isEqualTo("green told nothing");
        assertThat(web.get(HEADER + ": blue")).isEqualTo("blue told nothing");
      }
    }
  }

  /** Without it only silence ends a connection, and one byte in a minute is none. */
  @Test
  void clientMustSendItsHeadInTime() {
    assertThat(render("web").haproxyCfg()).contains("\n    timeout http-request 30s\n");
  }

  /** Another protocol would be a tunnel past all that is decided for each request. */
  @Test
  void onlyAWebSocketIsAskedFor() throws Exception {
    String direct = "127.0.0.1:" + RealHaproxy.freePort();
    try (Told blue = new Told("blue", "Upgrade");
        RenderedGroup stage =
            new RenderedGroup(
                RenderOptions.defaults().direct("web", Color.BLUE, direct),
                new Group(
                    "shop",
                    List.of(
                        Service.named("web")
                            .blue(blue.endpoint())
                            .green("http://127.0.0.1:" + RealHaproxy.freePort())
                            .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort()))))) {
      for (int port : List.of(stage.door("web"), Integer.parseInt(direct.split(":", 2)[1]))) {
        assertThat(upgrade(port, "Upgrade: WebSocket")).isEqualTo("blue told WebSocket");
        assertThat(upgrade(port, "Upgrade: h2c")).isEqualTo("blue told nothing");
        assertThat(upgrade(port, "Upgrade: h2c, websocket")).isEqualTo("blue told nothing");
        assertThat(upgrade(port, "Upgrade: websocket", "Upgrade: h2c"))
            .isEqualTo("blue told nothing");
      }
    }
  }

  private static String upgrade(int port, String... lines) throws IOException {
    List<String> headers = new ArrayList<>(List.of(lines));
    headers.add("Connection: Upgrade, HTTP2-Settings");
    headers.add("Sec-WebSocket-Version: 13");
    headers.add("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    try (BrowserClient visitor = new BrowserClient(port, true)) {
      return visitor.get(headers.toArray(String[]::new));
    }
  }

  /** An application that says what its requests told of a preview, or in another header. */
  private record Told(String name, HttpServer server) implements AutoCloseable {
    Told(String name) throws IOException {
      this(name, HEADER);
    }

    Told(String name, String header) throws IOException {
      this(name, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      server.createContext(
          "/",
          exchange -> {
            String told = exchange.getRequestHeaders().getFirst(header);
            byte[] answer =
                (name + " told " + (told == null ? "nothing" : told))
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
    }

    String endpoint() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
