package com.example.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.Outcome;
import io.bluegreen.Release;
import io.bluegreen.health.HttpHealthCheck;
import io.bluegreen.store.FileStateStore;
import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryRouterTest implements RouterContract {
  @TempDir Path folder;

  @Override
  public ProxyUnderTest startProxy() {
    return new RegistryUnderTest(folder);
  }

  @Test
  void aReleaseIsDeployedAndRolledBackThroughIt() throws Exception {
    try (RegistryUnderTest registry = new RegistryUnderTest(folder);
        BlueGreenManager manager =
            BlueGreenManager.builder(registry.group().name())
                .service(registry.group().service("web"))
                .service(registry.group().service("shop"))
                .router(registry.router())
                .healthCheck(HttpHealthCheck.get("/"))
                .store(FileStateStore.in(Files.createDirectory(folder.resolve("state"))))
                .build()) {
      assertThat(manager.deployNewVersion(Release.of("1")).orThrow().outcome())
          .isEqualTo(Outcome.PROMOTED);
      Color first = registry.client("web", true).request();
      assertThat(registry.client("shop", true).request()).isEqualTo(first);

      assertThat(manager.deployNewVersion(Release.of("2")).orThrow().outcome())
          .isEqualTo(Outcome.PROMOTED);
      assertThat(registry.client("web", true).request()).isEqualTo(first.other());

      assertThat(manager.rollback().outcome()).isEqualTo(Outcome.WENT_BACK);
      assertThat(registry.client("web", true).request()).isEqualTo(first);
    }
  }
}
