package io.bluegreen.nginx;

import io.bluegreen.testing.contract.FrontDoorUnderTest;
import io.bluegreen.testing.contract.PassingContract;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class ReloadPassingTest implements PassingContract {
  @TempDir static Path temp;

  @Override
  public FrontDoorUnderTest startFrontDoor(FrontDoorUnderTest.Setup setup) {
    return new NginxFrontDoor(
        NginxRouter.reload(NginxUnderTest.place(temp).resolve("shop.conf")), setup);
  }

  @Override
  public Set<String> cannotPass() {
    return NginxFrontDoor.CANNOT_PASS;
  }
}
