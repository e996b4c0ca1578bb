package io.bluegreen.nginx;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ReloadContractTest implements RouterContract {
  @TempDir Path temp;

  @Override
  public ProxyUnderTest startProxy() {
    Path file = NginxUnderTest.place(temp).resolve("shop.conf");
    NginxRouter router = NginxRouter.reload(file);
    return new NginxUnderTest(router, nginx -> router.nginxCommand(nginx.command()));
  }
}
