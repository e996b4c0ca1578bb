package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import io.bluegreen.support.ResourceLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches that live mode refuses or delays; they change nothing. */
class LiveRefusalTest {
  @TempDir Path temp;
  private Path state;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginx() throws Exception {
    state = RealNginx.open(temp).resolve("state");
    shop = new NginxShop("web", "api");
    router = NginxRouter.live(state);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void switchOfAnNginxThatIsDownChangesNothing() throws Exception {
    router.open(shop.opening());
    Switch change = shop.to(router, shop.all(Color.GREEN));
    nginx.stop();
    List<Path> before = tree();
    assertThatThrownBy(() -> router.apply(change))
        .isInstanceOf(RouterException.class)
        .hasMessageContaining("nothing was changed");
    before.add(state.resolve(".lock"));
    assertThat(tree()).containsExactlyInAnyOrderElementsOf(before);
    nginx.start();
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  @Test
  void lowerFenceIsRefusedAlsoByAnotherRouter() {
    router.open(shop.opening());
    TrafficSplit blue = shop.all(Color.BLUE);
    TrafficSplit green = shop.all(Color.GREEN);
    router.apply(NginxShop.change(blue, green, 1, 7));
    NginxRouter another = NginxRouter.live(state);
    another.open(shop.opening());
    refused(() -> another.apply(NginxShop.change(green, blue, 2, 6)), "fence 6 is lower than 7");
    another.apply(NginxShop.change(green, blue, 2, 7));
    another.close();
  }

  @Test
  void generationThatIsNotAboveTheProxysIsRefused() {
    router.open(shop.opening());
    TrafficSplit blue = shop.all(Color.BLUE);
    TrafficSplit green = shop.all(Color.GREEN);
    router.apply(NginxShop.change(blue, green, 5, 1));
    refused(() -> router.apply(NginxShop.change(green, blue, 5, 1)), "not above 5");
    refused(() -> router.apply(NginxShop.change(green, blue, 4, 1)), "not above 5");
    router.apply(NginxShop.change(blue, green, 5, 2));
    assertThat(NginxShop.known(router).generation()).isEqualTo(5);
  }

  @Test
  void proxyThatServesNeitherSplitIsLeftAlone() throws IOException {
    router.open(shop.opening());
    TrafficSplit blue = shop.all(Color.BLUE);
    router.apply(NginxShop.change(blue, blue.with("web", Color.GREEN, 100), 1, 1));
    assertThatThrownBy(
            () -> router.apply(NginxShop.change(blue, blue.with("api", Color.GREEN, 100), 2, 1)))
        .isInstanceOfSatisfying(
            RouterException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNCHANGED));
    assertThat(shop.ask("web")).isEqualTo("green");
    assertThat(shop.ask("api")).isEqualTo("blue");
  }

  @Test
  void stateDirectoryOfAnotherGroupIsRefused() throws Exception {
    router.open(shop.opening());
    router.apply(shop.to(router, shop.all(Color.GREEN)));
    Path status = state.resolve("current/status.json");
    Files.writeString(status, Files.readString(status).replace("\"shop\"", "\"mart\""));
    assertThat(NginxShop.known(router).drift())
        .extracting(Drift::kind)
        .contains(Drift.Kind.FOREIGN_MARK);
    refused(() -> router.apply(shop.to(router, shop.all(Color.BLUE))), "group mart");
    router.close();
    assertThatThrownBy(() -> router.open(shop.opening())).hasMessageContaining("group mart");
  }

  @Test
  void onlyOneProcessSwitchesAtATimeAndTheOthersWaitForHalfOfTheirLimit() throws Exception {
    router.open(shop.opening());
    Switch change = shop.to(router, shop.all(Color.GREEN));
    ResourceLock held = ResourceLock.take(state.resolve(".lock"), "this nginx");
    refused(
        () -> router.apply(NginxShop.within(change, Duration.ofMillis(500))), "by this process");

    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> router.apply(change));
    await().until(() -> isWaitingIn(SwitchAdmission.class));
    held.close();
    waiting.get(30, TimeUnit.SECONDS);
    shop.assertServes(Color.GREEN);
  }

  private static boolean isWaitingIn(Class<?> type) {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(frame -> frame.getClassName().equals(type.getName()));
  }

  private static void refused(Runnable apply, String reason) {
    assertThatThrownBy(apply::run)
        .isInstanceOfSatisfying(
            RouterException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNCHANGED))
        .hasMessageContaining(reason);
  }

  private List<Path> tree() throws IOException {
    try (var files = Files.walk(state)) {
      Set<String> logs = Set.of("access.log", "error.log", "status.sock", "nginx.pid");
      return new ArrayList<>(
          files.filter(file -> !logs.contains(file.getFileName().toString())).sorted().toList());
    }
  }
}
