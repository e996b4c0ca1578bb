package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import org.junit.jupiter.api.Tag;

/** The router's contract in server mode with nbthread 2. */
@Tag("long")
class ServerModeWithTwoThreadsContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new ServerProxy(2);
  }
}
