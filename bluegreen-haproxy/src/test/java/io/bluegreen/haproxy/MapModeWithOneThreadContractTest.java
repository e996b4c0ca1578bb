package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import org.junit.jupiter.api.Tag;

/** The router's contract in map mode with nbthread 1. */
@Tag("long")
class MapModeWithOneThreadContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new MapProxy(1);
  }
}
