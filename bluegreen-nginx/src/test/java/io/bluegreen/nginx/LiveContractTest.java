package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LiveContractTest implements RouterContract {
  @TempDir Path temp;

  @Override
  public ProxyUnderTest startProxy() {
    Path state = NginxUnderTest.place(temp);
    return new NginxUnderTest(
        NginxRouter.live(state),
        nginx -> NginxRouter.live(state),
        (nginx, service, to) -> relink(state, service, to == Color.GREEN ? 100 : 0));
  }

  private static void relink(Path state, String service, int percent) throws IOException {
    new Buckets(state, percent).make();
    Path link = state.resolve("current").toRealPath().resolve(service);
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("../_w/" + percent));
  }
}
