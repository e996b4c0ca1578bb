package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An nginx that is reconfigured, stopped or asked while live mode switches it. */
@Timeout(120)
@Tag("long")
class LiveNginxChangesTest {
  @TempDir Path temp;
  private Path state;
  private NginxShop shop;
  private NginxRouter router;
  private RealNginx nginx;

  @BeforeEach
  void startNginxAndServeGreen() throws Exception {
    state = RealNginx.open(temp).resolve("state");
    shop = new NginxShop("web");
    router = NginxRouter.live(state);
    nginx = new RealNginx(router.renderConfig(shop.group).write());
    router.open(shop.opening());
    router.apply(NginxShop.change(shop.all(Color.BLUE), shop.all(Color.GREEN), 1, 7));
  }

  @AfterEach
  void stopNginx() throws Exception {
    router.close();
    nginx.close();
    shop.close();
  }

  @Test
  void cacheThatCameAfterTheOpeningIsFoundOutBeforeTheSwitch() throws Exception {
    reconfigure(conf -> conf.replace("open_file_cache off;", "open_file_cache max=1000;"));
    refused(blue(2), "open_file_cache", Effect.UNCHANGED);
    assertThat(shop.ask("web")).isEqualTo("green");
    assertThat(NginxShop.known(router).durable()).isEqualTo(shop.all(Color.GREEN));
  }

  @Test
  void serverThatIgnoresTheStateSinceTheOpeningIsFoundOutBeforeTheSwitch() throws Exception {
    reconfigure(conf -> conf.replaceFirst("if \\(-f [^)]*current/web/", "if (-f /nowhere/"));
    refused(blue(2), "decides blue", Effect.UNCHANGED);
  }

  @Test
  void configurationThatChangesInTheMiddleOfASwitchIsNoSuccess() throws Exception {
    NginxRouter unlucky =
        router.checkpoint(
            point -> {
              if (point.equals("renamed")) {
                restart(conf -> conf.replaceFirst("if \\(-f [^)]*current/web/", "if (-f /no/"));
              }
            });
    unlucky.open(shop.opening());
    unlucky.apply(blue(2));
    Switch green =
        new Switch(shop.all(Color.BLUE), shop.all(Color.GREEN), 3, "d", 7, Duration.ofMillis(500));
    assertThatThrownBy(() -> unlucky.apply(green))
        .hasMessageContaining("web does not decide green");
    assertThat(NginxShop.known(router).durable()).isEqualTo(shop.all(Color.BLUE));
    assertThat(shop.ask("web")).isEqualTo("blue");
    unlucky.close();
  }

  @Test
  void nginxThatStopsInTheMiddleOfASwitchIsReportedAsUnknown() throws Exception {
    NginxRouter unlucky =
        router.checkpoint(
            point -> {
              if (point.equals("renamed")) {
                nginx.stop();
              }
            });
    unlucky.open(shop.opening());
    Switch change =
        new Switch(shop.all(Color.GREEN), shop.all(Color.BLUE), 2, "d", 7, Duration.ofMillis(300));
    assertThatThrownBy(() -> unlucky.apply(change))
        .isInstanceOfSatisfying(
            RouterException.class, e -> assertThat(e.effect()).isEqualTo(Effect.UNKNOWN))
        .hasMessageContaining("start it");
    unlucky.close();
    nginx.start();
    assertThat(NginxShop.known(router).wholly(shop.all(Color.BLUE))).isTrue();
  }

  @Test
  void connectionsThatNginxDoesNotKeepAreNoHindrance() throws Exception {
    reconfigure(
        conf -> conf.replace("http {", "http {\n  keepalive_timeout 0;\n  keepalive_requests 1;"));
    router.open(shop.opening());
    router.apply(blue(2));
    assertThat(shop.ask("web")).isEqualTo("blue");
  }

  @Test
  void routerThatAsksDuringManySwitchesSeesNoDrift() throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    List<RouterTruth> wrong = new ArrayList<>();
    NginxRouter asking = NginxRouter.live(state);
    asking.open(shop.opening());
    Thread asker =
        new Thread(
            () -> {
              while (!end.get()) {
                RouterTruth truth = asking.current();
                if (!(truth instanceof RouterTruth.Known known) || !known.drift().isEmpty()) {
                  wrong.add(truth);
                }
              }
            });
    asker.start();
    for (int i = 2; i < 300; i++) {
      Color to = i % 2 == 0 ? Color.BLUE : Color.GREEN;
      router.apply(NginxShop.change(shop.all(to.other()), shop.all(to), i, 7));
    }
    end.set(true);
    asker.join();
    asking.close();
    assertThat(wrong).isEmpty();
  }

  private Switch blue(long generation) {
    return NginxShop.change(shop.all(Color.GREEN), shop.all(Color.BLUE), generation, 7);
  }

  private void refused(Switch change, String reason, Effect effect) {
    assertThatThrownBy(() -> router.apply(change))
        .isInstanceOfSatisfying(
            RouterException.class, e -> assertThat(e.effect()).isEqualTo(effect))
        .hasMessageContaining(reason);
  }

  /** As a person does while the router is open: edited, and reloaded. */
  private void reconfigure(UnaryOperator<String> change) throws Exception {
    nginx.edit(change);
    nginx.reload();
  }

  private void restart(UnaryOperator<String> change) {
    nginx.stop();
    try {
      nginx.edit(change);
      nginx.start();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
