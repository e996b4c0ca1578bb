package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;

class MapModePassingTest implements PassingContract {
  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new HaproxyFrontDoor(
        haproxy -> HaproxyRouter.map(haproxy.dir.resolve("shop.map"), haproxy.api()), setup);
  }
}
