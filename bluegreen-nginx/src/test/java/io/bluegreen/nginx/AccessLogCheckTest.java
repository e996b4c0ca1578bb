package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.Launcher;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Outcome;
import io.bluegreen.Probing;
import io.bluegreen.Release;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import io.bluegreen.Watch;
import io.bluegreen.engine.ManagerBuilder;
import io.bluegreen.gate.CounterGate;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log from which the meter can't count is found when the router is opened, and the remedy works.
 */
@Tag("long")
class AccessLogCheckTest {
  @TempDir Path temp;

  @Test
  void serversThatDoNotWriteTheLogAreNamedAndTheRemedyMendsIt() throws Exception {
    Path home = RealNginx.open(temp).resolve("state");
    Later time = new Later();
    NginxRouter router = NginxRouter.live(home).time(time);
    try (NginxShop shop = new NginxShop("fine", "off", "inner", "other");
        RealNginx nginx = new RealNginx(router.renderConfig(shop.group).write());
        time;
        router) {
      String right = Files.readString(home.resolve("nginx.conf"));
      String log = "access_log " + home.resolve("access.log") + " bluegreen_shop";
      nginx.edit(
          text -> {
            String wrong = in(text, "off", log, "access_log off");
            wrong = in(wrong, "inner", "location / {", "location / { access_log off;");
            return in(wrong, "other", log, "access_log " + home.resolve("access.log"));
          });
      nginx.reload();
      RouterReport report = router.open(shop.opening());
      assertThat(report.warnings())
          .anyMatch(
              warning ->
                  warning.what().contains("no meter, because a request to [off, inner, other]")
                      && warning.remedy().contains(log + ";"));
      TrafficMeter none = router.meter().orElseThrow();
      assertThatThrownBy(none::read)
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("[off, inner, other]");

      nginx.edit(text -> right.replace(log, log + " buffer=64k"));
      nginx.reload();
      assertThatThrownBy(router.meter().orElseThrow()::read).hasMessageContaining("[fine, off");

      nginx.edit(text -> right.replace(log, log + " buffer=64k flush=100ms"));
      nginx.reload();
      TrafficMeter meter = router.meter().orElseThrow();
      long before = count(meter, shop);
      shop.ask("off");
      await().until(() -> count(meter, shop) == before + 1);

      nginx.edit(text -> in(right, "off", log, "access_log off"));
      nginx.reload();
      time.later = Duration.ofMinutes(1);
      assertThatThrownBy(meter::read).as("it was written before").hasMessageContaining("[off]");
      nginx.edit(text -> right);
      nginx.reload();
      assertThat(count(meter, shop)).as("what was counted is kept").isEqualTo(before + 1);
    }
  }

  @Test
  void operationThatNeedsTheMeterIsRefusedBeforeAnythingIsTouchedAndOthersGoOn() throws Exception {
    NginxRouter described =
        NginxRouter.reload(RealNginx.open(temp).resolve("conf").resolve("shop.conf"));
    try (NginxShop shop = new NginxShop("web");
        RealNginx nginx = new RealNginx(described.renderConfig(shop.group).write())) {
      nginx.edit(text -> text.replaceAll("access_log [^ ]+ bluegreen_shop;", "access_log off;"));
      nginx.reload();
      NginxRouter router = described.nginxCommand(nginx.command());
      DeploymentPolicy plain =
          DeploymentPolicy.DEFAULT
              .probing(Probing.DEFAULT.every(Duration.ofMillis(20)).passes(1).failures(3))
              .acceptWithout(RouterGuarantee.LOSSLESS)
              .acceptWithout(RouterGuarantee.NO_STALE);
      Watch watch = new Watch(Duration.ofMinutes(1), Duration.ofSeconds(1), List.of("errors"));
      ManagerBuilder builder =
          BlueGreenManager.builder("shop")
              .service(shop.group.service("web"))
              .router(router)
              .launcher(Launcher.external())
              .healthCheck(ScriptedHealthCheck.up())
              .gate("errors", CounterGate.errorRate(0.1))
              .store(FileStateStore.in(temp.resolve("store")))
              .policy(plain);
      try (BlueGreenManager manager = builder.build()) {
        var gated = Operation.deploy(Release.of("1")).policy(plain.bake(watch));
        assertThatThrownBy(() -> manager.run(gated))
            .isInstanceOf(OperationRefusedException.class)
            .hasMessageContaining("errors")
            .hasMessageContaining("a request to [web] was not in")
            .hasMessageContaining("remedy: give the server of [web]");
        assertThatThrownBy(() -> manager.plan(gated)).isInstanceOf(OperationRefusedException.class);
        assertThat(manager.history()).isEmpty();
        assertThat(manager.deployNewVersion(Release.of("1")).outcome()).isEqualTo(Outcome.PROMOTED);
      }
    }
  }

  /** Real time, of which a test can skip some. */
  private static final class Later implements TimeSource {
    private final TimeSource real = TimeSource.system();
    private volatile Duration later = Duration.ZERO;

    @Override
    public Instant now() {
      return real.now().plus(later);
    }

    @Override
    public Duration elapsed() {
      return real.elapsed().plus(later);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }

    @Override
    public <T> T within(Duration limit, Callable<T> work) throws Exception {
      return real.within(limit, work);
    }

    @Override
    public <T> T await(Duration limit, Future<T> result) throws Exception {
      return real.await(limit, result);
    }

    @Override
    public Executor executor() {
      return real.executor();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private static long count(TrafficMeter meter, NginxShop shop) {
    return meter.read().slots().get(shop.group.slot("off", Color.BLUE)).requests();
  }

  /** Replaces the first occurrence of a text in the block of a service's server. */
  private static String in(String conf, String service, String from, String to) {
    int block = conf.indexOf("server_name " + service + ".shop.bluegreen");
    int at = conf.indexOf(from, block);
    return conf.substring(0, at) + to + conf.substring(at + from.length());
  }
}
