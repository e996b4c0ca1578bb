package io.bluegreen.nginx;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LiveContractTest implements RouterContract {
  @TempDir Path temp;

  @Override
  public ProxyUnderTest startProxy() {
    Path state = NginxUnderTest.place(temp);
    return new NginxUnderTest(NginxRouter.live(state), nginx -> NginxRouter.live(state));
  }
}
