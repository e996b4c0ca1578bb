package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.examples.demo.Habit;
import io.bluegreen.examples.demo.Ledger;
import io.bluegreen.examples.demo.Load;
import io.bluegreen.examples.demo.NginxProxy;
import io.bluegreen.examples.demo.Workplace;
import io.bluegreen.nginx.NginxRouter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One way, tried with an nginx and a load of its own. */
final class Trial {
  private static final String SERVICE = "web";

  /** Between two switches, so that the users meet the colour that serves. */
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final Way way;
  private final Path directory;
  private final TimeSource time;
  private final Cleanup begun;
  private final Ledger keeping;
  private final Ledger reconnecting;

  /**
   * Does nothing yet.
   *
   * @param begun is told of all that has to end, also when this is interrupted
   */
  Trial(Way way, Path directory, TimeSource time, Cleanup begun) {
    this.way = way;
    this.directory = directory;
    this.time = time;
    this.begun = begun;
    this.keeping = new Ledger(SERVICE, time);
    this.reconnecting = new Ledger(SERVICE, time);
  }

  Figures run(int switches) throws Exception {
    try (DemoApplication blue = new DemoApplication(0, "v1", Color.BLUE);
        DemoApplication green = new DemoApplication(0, "v2", Color.GREEN);
        NginxProxy nginx = begun.add(new NginxProxy(way.mode(), time))) {
      Group group = group(blue.port(), green.port());
      try (Switcher switcher = switcher(nginx, group)) {
        return new Figures(
            way.toString(),
            underLoad(switcher, group, switches),
            keeping.totals(),
            reconnecting.totals());
      }
    }
  }

  private Switcher switcher(NginxProxy nginx, Group group)
      throws IOException, InterruptedException {
    NginxRouter router = nginx.start(group, directory);
    return way == Way.SHELL
        ? new ShellSwitcher(nginx.generatedFile(), nginx.command())
        : new RouterSwitcher(router.proof(way.proof()), group);
  }

  private List<Duration> underLoad(Switcher switcher, Group group, int switches) throws Exception {
    URI door = group.service(SERVICE).frontDoor().orElseThrow();
    InetSocketAddress address = new InetSocketAddress(door.getHost(), door.getPort());
    List<Duration> took = new ArrayList<>();
    Load load = new Load(address, Habit.KEEPS, keeping, reconnecting, time);
    try {
      time.sleep(PAUSE);
      Color live = Color.BLUE;
      for (int i = 0; i < switches; i++) {
        took.add(timed(switcher, group, live.other()));
        live = live.other();
        time.sleep(PAUSE);
      }
      return took;
    } finally {
      load.close();
    }
  }

  private Duration timed(Switcher switcher, Group group, Color to) throws Exception {
    TrafficSplit after = TrafficSplit.all(group, to);
    for (Ledger ledger : List.of(keeping, reconnecting)) {
      ledger.switching(TrafficSplit.all(group, to.other()), after);
    }
    Duration start = time.elapsed();
    switcher.switchTo(to);
    Duration took = time.elapsed().minus(start);
    for (Ledger ledger : List.of(keeping, reconnecting)) {
      ledger.switched(after);
    }
    return took;
  }

  private static Group group(int blue, int green) throws IOException {
    return new Group(
        "benchmark",
        List.of(
            Service.named(SERVICE)
                .blue("http://127.0.0.1:" + blue)
                .green("http://127.0.0.1:" + green)
                .frontDoor("http://127.0.0.1:" + Workplace.freePorts(1).get(0))));
  }
}
