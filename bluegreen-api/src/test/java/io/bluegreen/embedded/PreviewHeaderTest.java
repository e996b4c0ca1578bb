package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreviewHeaderTest {
  private static final TestApp.Answer HEADER_SEEN =
      (request, out) -> TestApp.reply(out, 200, "" + request.header("X-Preview"));

  @Test
  void aTrustedAddressReachesTheIdleColour() throws IOException {
    try (Shop shop = new Shop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"))) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("green");
      assertThat(shop.get("/", "x-preview: blue").body()).isEqualTo("blue");
      shop.split(100);
      assertThat(shop.get("/", "X-Preview: blue").body()).isEqualTo("blue");
    }
  }

  @Test
  void anyOtherAddressDoesNot() throws IOException {
    try (Shop shop = new Shop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"));
        Wire stranger = new Wire(shop.port, "127.0.0.2")) {
      Wire.Reply reply =
          stranger.get(
              "/", "X-Preview: green", "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1");
      assertThat(reply.body()).isEqualTo("blue");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GREEN", "green,blue", "purple", "", "green\tx", "100"})
  void anyOtherValueIsIgnored(String value) throws IOException {
    try (Shop shop = new Shop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.0/8"))) {
      assertThat(shop.get("/", "X-Preview: " + value).body()).isEqualTo("blue");
    }
  }

  @Test
  void twoOfItAreIgnored() throws IOException {
    try (Shop shop = new Shop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"))) {
      assertThat(shop.get("/", "X-Preview: green", "X-Preview: green").body()).isEqualTo("blue");
    }
  }

  @Test
  void itReachesNoApplication() throws IOException {
    try (TestApp blue = new TestApp(HEADER_SEEN);
        TestApp green = new TestApp(HEADER_SEEN);
        Shop shop =
            new Shop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"), blue, green);
        Wire stranger = new Wire(shop.port, "127.0.0.2")) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("null");
      assertThat(stranger.get("/", "X-Preview: green").body()).isEqualTo("null");
    }
  }

  @Test
  void isOffByDefault() throws IOException {
    try (Shop shop = new Shop()) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("blue");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "10.0.0.0/8, 10.255.1.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.1.128/25, 192.168.1.127, false",
    "192.168.1.128/25, 192.168.1.129, true",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
  })
  void blocksContainTheirAddresses(String range, String address, boolean contained)
      throws IOException {
    assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "cafe",
        "",
        "1.2.3",
        "1.2.3.4/33",
        "::1/129",
        "1.2.3.4/",
        "1.2.3.4/-1",
        "300.1.1.1"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRange.parse(text))
        .withMessageStartingWith("trusted address: expected a literal address");
  }
}
