package io.bluegreen.embedded;

import io.bluegreen.Color;
import io.bluegreen.FreePorts;
import io.bluegreen.Group;
import io.bluegreen.InFlight;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A router that is open, in front of one service "web" with a blue and a green application. */
final class EmbeddedShop implements AutoCloseable {
  final TestApp blue;
  final TestApp green;
  final int port = freePort();
  final Group group;
  final EmbeddedRouter router;
  private long generation;

  EmbeddedShop() throws IOException {
    this(EmbeddedRouter.create());
  }

  EmbeddedShop(EmbeddedRouter router) throws IOException {
    this(router, TestApp.saying("blue"), TestApp.saying("green"));
  }

  EmbeddedShop(TestApp.Answer blue) throws IOException {
    this(EmbeddedRouter.create(), new TestApp(blue), TestApp.saying("green"));
  }

  EmbeddedShop(EmbeddedRouter router, TestApp blue, TestApp green) {
    this.blue = blue;
    this.green = green;
    this.router = router;
    group = new Group("shop", java.util.List.of(web(blue.url(), green.url(), port)));
    serve(router, new Router.Opening(group, Optional.empty(), 0));
  }

  static void serve(Router router, Router.Opening opening) {
    router.open(opening);
    router.serve(opening);
  }

  static Service web(String blue, String green, int port) {
    return Service.named("web").blue(blue).green(green).frontDoor("http://127.0.0.1:" + port);
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    return FreePorts.next();
  }

  void split(int green) {
    router.apply(to(new TrafficSplit(java.util.Map.of("web", green))));
  }

  Switch to(TrafficSplit split) {
    TrafficSplit now = ((RouterTruth.Known) router.current()).running();
    return new Switch(now, split, ++generation, "d1", 1, Duration.ofSeconds(5));
  }

  Slot slot(Color color) {
    return group.slot("web", color);
  }

  InFlight inFlight(Color color) {
    return router.inFlight(slot(color));
  }

  TrafficMeter.Count count(Color color) {
    return router.meter().orElseThrow().read().slots().get(slot(color));
  }

  RawConnection.Reply get(String target, String... headers) throws IOException {
    try (RawConnection wire = new RawConnection(port)) {
      return wire.get(target, headers);
    }
  }

  @Override
  public void close() throws IOException {
    router.close();
    blue.close();
    green.close();
  }
}
