package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;

/** The router's contract in map mode with nbthread 2. */
class MapModeWithTwoThreadsContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new MapProxy(2);
  }
}
