package io.bluegreen.haproxy;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;
import java.util.Set;

class ServerModePassingTest implements PassingContract {
  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new HaproxyFrontDoor(
        haproxy -> HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api()), setup);
  }

  @Override
  public Set<String> cannotPass() {
    return HaproxyFrontDoor.CANNOT_PASS;
  }
}
