package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The real nginx with a configuration of ours, for one clause of the contract. */
final class NginxUnderTest implements ProxyUnderTest {
  private final Backends backends = new Backends("web", "api");
  private final Function<RealNginx, Router> router;
  private final ByHand byHand;
  private final Group group;
  private final RealNginx nginx;

  /**
   * @param described the router, from which nginx is configured
   * @param router the router as it is opened, which may need to know the nginx that runs
   * @param byHand how a person moves a service
   */
  NginxUnderTest(NginxRouter described, Function<RealNginx, Router> router, ByHand byHand) {
    this.router = router;
    this.byHand = byHand;
    List<Service> services = new ArrayList<>();
    for (String name : List.of("web", "api")) {
      services.add(
          Service.named(name)
              .blue(backends.endpoint(name, Color.BLUE))
              .green(backends.endpoint(name, Color.GREEN))
              .frontDoor("http://127.0.0.1:" + NginxPorts.free()));
    }
    group = new Group("shop", services);
    try {
      nginx = new RealNginx(described.renderConfig(group).write());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a place that nginx's workers can get to, in a directory of JUnit's. */
  static Path place(Path temp) {
    try {
      return RealNginx.open(temp).resolve("n" + NginxPorts.free());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a person moves a service. */
  interface ByHand {
    void move(RealNginx nginx, String service, Color to) throws IOException;
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Router router() {
    return router.apply(nginx);
  }

  @Override
  public Held hold(String service) throws IOException {
    return backends.hold(group.service(service).frontDoor().orElseThrow());
  }

  @Override
  public void moveByHand(String service, Color to) throws IOException {
    byHand.move(nginx, service, to);
  }

  @Override
  public void goDown() {
    nginx.stop();
  }

  @Override
  public void restart() {
    nginx.stop();
    try {
      nginx.start();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    nginx.stop();
    backends.close();
  }
}
