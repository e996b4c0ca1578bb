package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.FreePorts;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.RouterContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

class EmbeddedRouterContractTest implements RouterContract {
  @Override
  public ProxyUnderTest startProxy() {
    return new Embedded();
  }

  private static final class Embedded implements ProxyUnderTest {
    private final Backends backends = new Backends("shop", "web");
    private final List<Router> routers = new ArrayList<>();
    private final Group group = new Group("shop", List.of(service("shop"), service("web")));

    private Service service(String name) {
      return Service.named(name)
          .blue(backends.endpoint(name, Color.BLUE))
          .green(backends.endpoint(name, Color.GREEN))
          .frontDoor("http://127.0.0.1:" + freePort());
    }

    @Override
    public Group group() {
      return group;
    }

    @Override
    public Router router() {
      Router router = EmbeddedRouter.create();
      routers.add(router);
      return router;
    }

    @Override
    public boolean outlivesItsRouter() {
      return false;
    }

    @Override
    public Held hold(String service) throws IOException {
      return backends.hold(group.service(service).frontDoor().orElseThrow());
    }

    @Override
    public void goDown() {
      routers.forEach(Router::close);
    }

    @Override
    public void restart() {}

    @Override
    public void close() {
      goDown();
      backends.close();
    }

    private static int freePort() {
      try (ServerSocket socket = FreePorts.listen(1)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
