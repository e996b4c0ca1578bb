package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The addresses at which a front door listens, and the headers that tell of it. */
class OpenFrontDoorTest {
  @Test
  void doorAtAllAddressesOfIpv4IsNotOneOfIpv6() throws IOException {
    try (TestApp app = TestApp.saying("app");
        EmbeddedRouter router = EmbeddedRouter.create()) {
      int port = open(router, app, "0.0.0.0");
      try (RawConnection wire = new RawConnection(port)) {
        assertThat(wire.get("/").body()).isEqualTo("app");
      }
      for (InetAddress address : addresses()) {
        if (address instanceof Inet4Address) {
          new Socket(address, port).close();
        } else {
          assertThatIOException().as("" + address).isThrownBy(() -> new Socket(address, port));
        }
      }
    }
  }

  @Test
  void forwardedHeadersTellTheDoorsOwnAddress() throws IOException {
    try (TestApp app =
            new TestApp(
                (request, out) -> TestApp.reply(out, 200, String.join("\n", request.headers)));
        EmbeddedRouter router = EmbeddedRouter.create()) {
      int port = open(router, app, "127.0.0.1");
      try (RawConnection wire = new RawConnection(port)) {
        wire.write("GET / HTTP/1.1\r\nHost: evil.example:99\r\nX-Forwarded-Port: 98\r\n\r\n");
        assertThat(wire.read(false).body().lines())
            .contains(
                "Host: evil.example:99",
                "X-Forwarded-Host: evil.example:99",
                "X-Forwarded-Port: " + port,
                "X-Forwarded-Proto: http",
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: for=127.0.0.1;proto=http");
      }
      try (RawConnection wire = new RawConnection(port)) {
        wire.write("GET / HTTP/1.0\r\n\r\n");
        assertThat(wire.read(false).body().lines())
            .contains("Host: 127.0.0.1:" + port, "X-Forwarded-Port: " + port);
      }
    }
  }

  @Test
  void trailersPassBothWaysButNotThoseThatRouteFrameOrProve() throws IOException {
    String body =
        "3;ext=1\r\nabc\r\n0\r\nX-Sum: 1\r\nHost: evil\r\nX-Forwarded-For: 6\r\nx_real_ip: 6\r\n"
            + "Content-Length: 9\r\nTransfer-Encoding: x\r\nAuthorization: a\r\nCookie: b\r\n"
            + "Set-Cookie: c\r\nConnection: close\r\nUpgrade: h2c\r\n\r\n";
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  StringBuilder seen = new StringBuilder();
                  String line = TestApp.Request.line(request.in);
                  for (; !line.equals("0"); line = TestApp.Request.line(request.in)) {
                    seen.append(line).append('|');
                  }
                  line = TestApp.Request.line(request.in);
                  for (; !line.isEmpty(); line = TestApp.Request.line(request.in)) {
                    seen.append(line).append('|');
                  }
                  return chunked(out, seen.toString(), body);
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.write("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
      RawConnection.Reply reply = wire.read(true);
      assertThat(reply.header("X-Seen")).endsWith("3|abc|X-Sum: 1|");
      assertThat(new String(wire.chunk(), ISO_8859_1)).isEqualTo("abc");
      assertThat(TestApp.Request.line(wire.in)).isEqualTo("0");
      assertThat(TestApp.Request.line(wire.in)).isEqualTo("X-Sum: 1");
      assertThat(TestApp.Request.line(wire.in)).isEmpty();
      wire.write("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
      assertThat(wire.read(true).status()).as("the connection goes on").isEqualTo(200);
    }
  }

  private static boolean chunked(OutputStream out, String seen, String body) throws IOException {
    String head = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nX-Seen: " + seen + "\r\n\r\n";
    out.write((head + body).getBytes(ISO_8859_1));
    return false;
  }

  private static int open(EmbeddedRouter router, TestApp app, String host) {
    int port = EmbeddedShop.freePort();
    Service web =
        Service.named("web")
            .blue(app.url())
            .green("http://127.0.0.1:" + EmbeddedShop.freePort())
            .frontDoor(URI.create("http://" + host + ":" + port).toString());
    Router.Opening opening =
        new Router.Opening(new Group("shop", List.of(web)), Optional.empty(), 0);
    router.open(opening);
    router.serve(opening);
    return port;
  }

  private static List<InetAddress> addresses() throws IOException {
    return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
  }
}
