package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;

class ServerModePassingTest implements PassingContract {
  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new HaproxyFrontDoor(
        haproxy -> HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api()), setup);
  }
}
