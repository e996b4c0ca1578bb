package io.bluegreen.testing.contract;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.testing.FakeRouter;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;

class FakeRouterContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new FakeProxyUnderTest();
  }

  @Nested
  class WithoutAnyGuarantee implements RouterContract {
    @Override
    public ProxyUnderTest startProxy() {
      return new FakeProxyUnderTest(
          new FakeRouter().without(RouterGuarantee.values()), UnaryOperator.identity());
    }
  }
}
