package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import org.junit.jupiter.api.Tag;

/** The router's contract in server mode with nbthread 1. */
@Tag("long")
class ServerModeWithOneThreadContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new ServerProxy(1);
  }
}
