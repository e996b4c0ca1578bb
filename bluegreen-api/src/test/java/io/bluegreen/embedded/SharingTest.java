package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharingTest {
  private static final int MANY = 20_000;

  @ParameterizedTest
  @ValueSource(ints = {10, 50})
  void requestsAreSharedByTheSplit(int percent) throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      shop.split(percent);
      long green =
          IntStream.range(0, 4)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> countGreen(shop, MANY / 4)))
              .toList()
              .stream()
              .mapToLong(CompletableFuture::join)
              .sum();
      double p = percent / 100.0;
      double fiveSigma = 5 * Math.sqrt(p * (1 - p) / MANY);
      assertThat((double) green / MANY).isCloseTo(p, within(fiveSigma));
    }
  }

  @Test
  void userStaysOnGreenWhileItsShareRises() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop(EmbeddedRouter.create().stickyCookie("cohort"))) {
      List<String> users = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        String cookie = shop.get("/").header("Set-Cookie");
        assertThat(cookie).matches("cohort=[0-9a-f]{16}; [Pp]ath=/; HttpOnly; SameSite=Lax");
        users.add(cookie.substring(0, cookie.indexOf(';')));
      }
      Set<String> onGreen = new HashSet<>();
      for (int percent : new int[] {10, 25, 50, 75, 100}) {
        shop.split(percent);
        Set<String> now = onGreen(shop, users);
        assertThat(now).containsAll(onGreen).isEqualTo(onGreen(shop, users));
        double p = percent / 100.0;
        double fiveSigma = 5 * Math.sqrt(p * (1 - p) / users.size());
        assertThat((double) now.size() / users.size()).isCloseTo(p, within(fiveSigma + 1e-9));
        onGreen = now;
      }
    }
  }

  @Test
  void knownUserIsGivenNoCookieAndAForgedOneIsReplaced() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop(EmbeddedRouter.create().stickyCookie("cohort"))) {
      assertThat(shop.get("/", "Cookie: cohort=00000000000000ff").header("Set-Cookie")).isNull();
      assertThat(shop.get("/", "Cookie: cohort=zz\"; a=b").header("Set-Cookie")).isNotNull();
      assertThat(shop.get("/", "Cookie: a=b").header("Set-Cookie")).isNotNull();
    }
  }

  @Test
  void applicationsCookiesStayBesideTheStickyOne() throws IOException {
    try (TestApp green = TestApp.saying("green");
        TestApp blue =
            new TestApp(
                (request, out) -> {
                  out.write(
                      "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 0\r\n\r\n"
                          .getBytes());
                  return true;
                });
        EmbeddedShop shop =
            new EmbeddedShop(EmbeddedRouter.create().stickyCookie("cohort"), blue, green)) {
      assertThat(shop.get("/").headers())
          .anyMatch(header -> header.equals("Set-Cookie: session=1"))
          .anyMatch(header -> header.startsWith("Set-Cookie: cohort="));
    }
  }

  @Test
  void noCookieIsIssuedByDefault() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      assertThat(shop.get("/").header("Set-Cookie")).isNull();
    }
  }

  @Test
  void severalInstancesTakeTurnsAndOneThatRefusesIsPassedOver() throws IOException {
    try (TestApp one = TestApp.saying("one");
        TestApp two = TestApp.saying("two");
        EmbeddedRouter router = EmbeddedRouter.create()) {
      int port = EmbeddedShop.freePort();
      io.bluegreen.Service web =
          io.bluegreen.Service.named("web")
              .blue(one.url(), "http://127.0.0.1:" + EmbeddedShop.freePort(), two.url())
              .green("http://127.0.0.1:" + EmbeddedShop.freePort())
              .frontDoor("http://127.0.0.1:" + port);
      EmbeddedShop.serve(
          router,
          new io.bluegreen.Router.Opening(
              new io.bluegreen.Group("shop", List.of(web)), java.util.Optional.empty(), 0));
      List<String> said = new ArrayList<>();
      try (RawConnection wire = new RawConnection(port)) {
        for (int i = 0; i < 6; i++) {
          said.add(wire.get("/").body());
        }
      }
      assertThat(said).containsExactly("one", "two", "two", "one", "two", "two");
    }
  }

  @Test
  void malformedNamesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedRouter.create().stickyCookie("a;b"))
        .withMessageStartingWith("sticky cookie");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedRouter.create().preview("X: y", "127.0.0.1"))
        .withMessageStartingWith("preview header");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedRouter.create().preview("X-Preview"))
        .withMessageStartingWith("trusted address");
  }

  private static long countGreen(EmbeddedShop shop, int requests) {
    try (RawConnection wire = new RawConnection(shop.port)) {
      long green = 0;
      for (int i = 0; i < requests; i++) {
        green += wire.get("/").body().equals("green") ? 1 : 0;
      }
      return green;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> onGreen(EmbeddedShop shop, List<String> users) throws IOException {
    Set<String> green = new HashSet<>();
    for (String user : users) {
      if (shop.get("/", "Cookie: a=b; " + user).body().equals("green")) {
        green.add(user);
      }
    }
    return green;
  }
}
