package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.Optional;

/** The library's way: returns when the switch is durable and proven. */
final class RouterSwitcher implements Switcher {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Router router;
  private final Group group;
  private TrafficSplit split;
  private long generation;

  /** Opens the router. */
  RouterSwitcher(Router router, Group group) {
    this.router = router;
    this.group = group;
    Router.Opening opening = new Router.Opening(group, Optional.empty(), 0);
    router.open(opening);
    router.serve(opening);
    if (!(router.current() instanceof RouterTruth.Known known)) {
      router.close();
      throw new IllegalStateException("the proxy does not tell what it serves");
    }
    split = known.running();
    generation = known.generation();
  }

  @Override
  public void switchTo(Color color) {
    generation++;
    TrafficSplit to = TrafficSplit.all(group, color);
    router.apply(new Switch(split, to, generation, "benchmark-" + generation, 1, LIMIT));
    split = to;
  }

  @Override
  public void close() {
    router.close();
  }
}
