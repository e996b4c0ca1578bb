package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router.Opening;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.testing.contract.ProxyUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A HAProxy in either mode under load; its switches are disturbed. */
final class DisturbedSwitches implements AutoCloseable {
  static final Duration WITHIN = Duration.ofSeconds(20);

  /** How a split is spelled. */
  enum Mode {
    MAP,
    SERVER;

    RoutingMode scheme(Group group, Path dir) {
      return this == MAP
          ? new MapMode(group, new RecordFile(dir.resolve("shop.map")))
          : new ServerMode(group, new RecordFile(dir.resolve("shop.state")));
    }
  }

  private final Mode mode;
  private final ProxyUnderTest proxy;
  private final RealHaproxy haproxy;
  private final TimeSource time = TimeSource.system();
  final HaproxyRouter router;
  final ClientLoad load;
  private long generation;

  DisturbedSwitches(Mode mode, UnaryOperator<String> change) {
    this.mode = mode;
    if (mode == Mode.MAP) {
      MapProxy map = new MapProxy(2, change);
      proxy = map;
      haproxy = map.stage.haproxy;
    } else {
      ServerProxy server = new ServerProxy(2, change);
      proxy = server;
      haproxy = server.haproxy;
    }
    router = (HaproxyRouter) proxy.router();
    router.open(new Opening(proxy.group(), Optional.empty(), 0));
    // Across workers nothing is atomic: what a reload has begun with the former file serves that
    // for
    // a moment beside a worker that was switched already.
    load = new ClientLoad(proxy.group(), Color.BLUE, true, 2, false);
    load.awaitRequests(20);
  }

  Mode mode() {
    return mode;
  }

  RealHaproxy haproxy() {
    return haproxy;
  }

  long next() {
    generation++;
    return generation;
  }

  TrafficSplit all(Color color) {
    return TrafficSplit.all(proxy.group(), color);
  }

  Switch to(Color color, Duration within) {
    return new Switch(all(color.other()), all(color), next(), "d-" + generation, 1, within);
  }

  /** Makes a switch by other ways than the router's own, and tells at which step it is. */
  void apply(Color to, RuntimeApi admin, Consumer<String> at) {
    RoutingMode scheme = new SteppedMode(mode.scheme(proxy.group(), haproxy.dir), at);
    RunningHaproxy asked = new RunningHaproxy(admin, Optional.of(haproxy.master()), time);
    new SwitchRun(asked, scheme, to(to, WITHIN)).apply();
  }

  Known truth() {
    return (Known) router.current();
  }

  /** Waits until no reload is under way; then everything is wholly one colour, and stays so. */
  void isWholly(Color color) {
    Awaitility.await()
        .atMost(RealHaproxy.LONG)
        .ignoreExceptions()
        .until(
            () ->
                haproxy.master().workers().current().size() == 1
                    && (mode == Mode.SERVER || truth().wholly(all(color))));
    assertThat(truth().running()).isEqualTo(all(color));
    assertThat(truth().durable()).isEqualTo(all(color));
    load.awaitRequests(20);
  }

  @Override
  public void close() {
    load.close();
    router.close();
    proxy.close();
    time.close();
  }
}
