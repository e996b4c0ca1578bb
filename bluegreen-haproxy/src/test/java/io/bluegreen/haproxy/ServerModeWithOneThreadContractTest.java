package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;

/** The router's contract in server mode with nbthread 1. */
class ServerModeWithOneThreadContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new ServerProxy(1);
  }
}
