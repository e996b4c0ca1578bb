package io.bluegreen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy;
import io.bluegreen.FreePorts;
import io.bluegreen.Launcher;
import io.bluegreen.Probing;
import io.bluegreen.RecoveryReport;
import io.bluegreen.Release;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.embedded.EmbeddedRouter;
import io.bluegreen.testing.Crash;
import io.bluegreen.testing.InMemoryStateStore;
import io.bluegreen.testing.Incarnation;
import io.bluegreen.testing.ScriptedHealthCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A router that dies with its process starts again with the recorded split, and can still go back.
 */
class EmbeddedRecoveryTest {
  private final int door = FreePorts.next();

  private BlueGreenManager manager(Incarnation life, Router router, InMemoryStateStore store) {
    return BlueGreenManager.builder("shop")
        .service(
            Service.named("web")
                .blue("http://127.0.0.1:1")
                .green("http://127.0.0.1:2")
                .frontDoor("http://127.0.0.1:" + door, ScriptedHealthCheck.up()))
        .router(life.router(router))
        .launcher(Launcher.external())
        .healthCheck(ScriptedHealthCheck.up())
        .store(life.store(store))
        .policy(DeploymentPolicy.DEFAULT.probing(Probing.DEFAULT.every(Duration.ofMillis(1))))
        .build();
  }

  private static Incarnation dyingWhenItIsOnRecordThatTheTrafficMoved() {
    Incarnation life = new Incarnation();
    life.observe(
        () -> {
          List<String> last = life.effects();
          int size = last.size();
          if (size > 1
              && last.get(size - 1).equals("save")
              && last.get(size - 2).startsWith("apply")
              && !life.dead()) {
            life.die();
          }
        });
    return life;
  }

  @Test
  void deploymentThatWasKilledWhenItHadMovedTheTrafficIsMovedBackByTheNextProcess() {
    try (TimeSource time = TimeSource.system()) {
      InMemoryStateStore store = new InMemoryStateStore(time);
      try (BlueGreenManager first = manager(new Incarnation(), EmbeddedRouter.create(), store)) {
        first.deployNewVersion(Release.of("1")).orThrow();
        first.deployNewVersion(Release.of("2")).orThrow();
      }
      EmbeddedRouter dies = EmbeddedRouter.create();
      BlueGreenManager killed = manager(dyingWhenItIsOnRecordThatTheTrafficMoved(), dies, store);
      assertThatThrownBy(() -> killed.deployNewVersion(Release.of("3"))).isInstanceOf(Crash.class);
      dies.close();

      try (BlueGreenManager next = manager(new Incarnation(), EmbeddedRouter.create(), store)) {
        RecoveryReport report = next.recover();
        assertThat(report.decision())
            .as("%s", report)
            .isEqualTo(RecoveryReport.Decision.MOVED_BACK);
        RouterTruth.Known truth = (RouterTruth.Known) next.status().truth();
        assertThat(truth.running().sole("web")).contains(Color.BLUE);
        assertThat(next.deployNewVersion(Release.of("3")).orThrow().serving()).isPresent();
      }
    }
  }
}
