package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.testing.contract.Backends;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A rendered HAProxy in map mode for the router's contract. */
final class MapProxy implements ProxyUnderTest {
  private final Backends backends = new Backends("api", "web");
  final RenderedGroup stage;

  MapProxy(int threads) {
    this(threads, UnaryOperator.identity());
  }

  MapProxy(int threads, UnaryOperator<String> change) {
    List<Service> services =
        Stream.of("api", "web")
            .map(
                name ->
                    Service.named(name)
                        .blue(backends.endpoint(name, Color.BLUE))
                        .green(backends.endpoint(name, Color.GREEN))
                        .frontDoor("http://127.0.0.1:" + RealHaproxy.freePort()))
            .toList();
    stage =
        new RenderedGroup(
            RenderOptions.defaults().threads(threads), change, new Group("shop", services));
  }

  @Override
  public Group group() {
    return stage.group;
  }

  @Override
  public Router router() {
    return stage.unopened();
  }

  @Override
  public Held hold(String service) throws IOException {
    return backends.hold(group().service(service).frontDoor().orElseThrow());
  }

  @Override
  public void moveByHand(String service, Color to) {
    stage.haproxy.api().setMap(stage.map(), service, (to == Color.GREEN ? 100 : 0) + ":1");
  }

  @Override
  public void goDown() {
    stage.haproxy.kill9Master();
  }

  @Override
  public void restart() {
    stage.haproxy.kill9Worker();
    stage.haproxy.start();
  }

  @Override
  public void close() {
    stage.close();
    backends.close();
  }
}
