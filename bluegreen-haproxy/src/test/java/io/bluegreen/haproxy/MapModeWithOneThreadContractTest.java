package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;

/** The router's contract in map mode with nbthread 1. */
class MapModeWithOneThreadContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new MapProxy(1);
  }
}
