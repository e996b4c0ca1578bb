package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Launcher;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.testing.InMemoryStateStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment while nginx.conf is broken in a place that is none of ours. */
@Tag("long")
class BrokenElsewhereTest {
  @TempDir Path temp;

  @Test
  void deploymentThatNginxRefusesBecauseOfAnotherFileIsRejectedAndNamesIt() throws Exception {
    try (NginxShop shop = new NginxShop("web")) {
      Path file = RealNginx.open(temp).resolve("conf").resolve("shop.conf");
      NginxRouter unstarted = NginxRouter.reload(file);
      try (RealNginx nginx = new RealNginx(unstarted.renderConfig(shop.group).write())) {
        try (BlueGreenManager manager =
            BlueGreenManager.builder("shop")
                .service(shop.group.service("web"))
                .router(unstarted.nginxCommand(nginx.command()))
                .launcher(Launcher.external())
                .healthCheck(HealthCheck.blocking(instance -> Health.up("")))
                .store(new InMemoryStateStore())
                .policy(
                    DeploymentPolicy.DEFAULT
                        .acceptWithout(RouterGuarantee.LOSSLESS)
                        .acceptWithout(RouterGuarantee.NO_STALE))
                .build()) {
          manager.deployNewVersion(Release.of("1")).orThrow();
          shop.assertServes(Color.GREEN);

          nginx.edit(text -> text.replace("http {", "http {\n  nonsense;"));
          DeploymentResult result = manager.deployNewVersion(Release.of("2"));

          assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.REJECTED);
          assertThat(result.reason()).contains("unknown directive \"nonsense\"");
          assertThat(result.warnings())
              .anySatisfy(
                  line -> assertThat(line).contains("nothing is lost").contains("nonsense"));
          shop.assertServes(Color.GREEN);

          nginx.edit(text -> text.replace("\n  nonsense;", ""));
          assertThat(manager.deployNewVersion(Release.of("2")).outcome())
              .isEqualTo(Outcome.PROMOTED);
          shop.assertServes(Color.BLUE);
        }
      }
    }
  }
}
