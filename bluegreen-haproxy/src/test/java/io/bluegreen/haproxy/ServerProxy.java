package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A rendered HAProxy in server mode. */
final class ServerProxy implements ProxyUnderTest {
  final RealHaproxy haproxy = new RealHaproxy();
  private final Backends backends = new Backends("api", "web");
  private final Group group;

  ServerProxy(int threads) {
    this(threads, UnaryOperator.identity());
  }

  ServerProxy(int threads, UnaryOperator<String> change) {
    List<Service> services =
        Stream.of("api", "web")
            .map(
                name ->
                    Service.named(name)
                        .blue(backends.endpoint(name, Color.BLUE))
                        .green(backends.endpoint(name, Color.GREEN))
                        .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort()))
            .toList();
    group = new Group("shop", services);
    try (HaproxyRouter router = router()) {
      haproxy.config(
          change.apply(
              router.renderConfig(group, RenderOptions.defaults().threads(threads)).haproxyCfg()));
    }
    try {
      haproxy.start();
    } catch (IllegalStateException e) {
      backends.close();
      throw e;
    }
  }

  Path state() {
    return haproxy.dir.resolve("shop.state");
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public HaproxyRouter router() {
    return HaproxyRouter.server(state(), haproxy.api())
        .master(haproxy.master())
        .configuration(haproxy.dir.resolve("haproxy.cfg"));
  }

  @Override
  public Held hold(String service) throws IOException {
    return backends.hold(group.service(service).frontDoor().orElseThrow());
  }

  @Override
  public void moveByHand(String service, Color to) {
    haproxy.api().setWeight(service, to + "1", 100);
    haproxy.api().setWeight(service, to.other() + "1", 0);
  }

  @Override
  public void goDown() {
    haproxy.kill9Master();
  }

  @Override
  public void restart() {
    haproxy.kill9Worker();
    haproxy.start();
  }

  @Override
  public void close() {
    haproxy.close();
    backends.close();
  }
}
