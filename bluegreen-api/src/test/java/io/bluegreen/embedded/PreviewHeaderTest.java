package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreviewHeaderTest {
  private static final TestApp.Answer HEADER_SEEN =
      (request, out) -> TestApp.reply(out, 200, "" + request.header("X-Preview"));

  @Test
  void trustedAddressReachesTheIdleColour() throws IOException {
    try (EmbeddedShop shop =
        new EmbeddedShop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"))) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("green");
      assertThat(shop.get("/", "x-preview: blue").body()).isEqualTo("blue");
      shop.split(100);
      assertThat(shop.get("/", "X-Preview: blue").body()).isEqualTo("blue");
    }
  }

  @Test
  void otherAddressDoesNotReachTheIdleColour() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"));
        RawConnection stranger = new RawConnection(shop.port, "127.0.0.2")) {
      RawConnection.Reply reply =
          stranger.get(
              "/", "X-Preview: green", "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1");
      assertThat(reply.body()).isEqualTo("blue");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GREEN", "green,blue", "purple", "", "green\tx", "100"})
  void otherValueIsIgnored(String value) throws IOException {
    try (EmbeddedShop shop =
        new EmbeddedShop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.0/8"))) {
      assertThat(shop.get("/", "X-Preview: " + value).body()).isEqualTo("blue");
    }
  }

  @Test
  void twoHeadersAreIgnored() throws IOException {
    try (EmbeddedShop shop =
        new EmbeddedShop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"))) {
      assertThat(shop.get("/", "X-Preview: green", "X-Preview: green").body()).isEqualTo("blue");
    }
  }

  @Test
  void headerReachesNoApplication() throws IOException {
    try (TestApp blue = new TestApp(HEADER_SEEN);
        TestApp green = new TestApp(HEADER_SEEN);
        EmbeddedShop shop =
            new EmbeddedShop(
                EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"), blue, green);
        RawConnection stranger = new RawConnection(shop.port, "127.0.0.2")) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("null");
      assertThat(stranger.get("/", "X-Preview: green").body()).isEqualTo("null");
    }
  }

  @Test
  void previewIsOffByDefault() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      assertThat(shop.get("/", "X-Preview: green").body()).isEqualTo("blue");
    }
  }
}
