package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.ConnectionHabit;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.DemoUsers;
import io.bluegreen.examples.demo.RequestJudge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tries one way to switch, with a proxy and a load of its own. */
final class BenchmarkTrial {
  /** Between two switches, so that the users meet the colour that serves. */
  static final Duration PAUSE = Duration.ofMillis(150);

  private final SwitchContender way;
  private final Path directory;
  private final TimeSource time;
  private final Cleanup begun;
  private final RequestJudge keeping;
  private final RequestJudge reconnecting;

  /**
   * Does nothing yet.
   *
   * @param begun is told of all that has to end, also when this is interrupted
   */
  BenchmarkTrial(SwitchContender way, Path directory, TimeSource time, Cleanup begun) {
    this.way = way;
    this.directory = directory;
    this.time = time;
    this.begun = begun;
    this.keeping = new RequestJudge(way.services().get(0), time);
    this.reconnecting = new RequestJudge(way.services().get(0), time);
  }

  MeasuredSwitches run(int switches) throws Exception {
    try (Cleanup own = begun.add(new Cleanup(e -> System.err.println("while ending: " + e)))) {
      Group group = group(own);
      try (Switcher switcher = way.begin(group, directory, own, time)) {
        return new MeasuredSwitches(
            way.toString(),
            underLoad(switcher, group, switches),
            keeping.totals(),
            reconnecting.totals());
      }
    }
  }

  private List<Duration> underLoad(Switcher switcher, Group group, int switches) throws Exception {
    URI door = group.service(way.services().get(0)).frontDoor().orElseThrow();
    InetSocketAddress address = new InetSocketAddress(door.getHost(), door.getPort());
    List<Duration> took = new ArrayList<>();
    DemoUsers load = new DemoUsers(address, ConnectionHabit.KEEPS, keeping, reconnecting, time);
    try {
      time.sleep(PAUSE);
      Color live = Color.BLUE;
      for (int i = 0; i < switches; i++) {
        took.add(timed(switcher, group, live.other()));
        live = live.other();
        switcher.afterwards();
        time.sleep(PAUSE);
      }
      return took;
    } finally {
      load.close();
    }
  }

  private Duration timed(Switcher switcher, Group group, Color to) throws Exception {
    TrafficSplit after = TrafficSplit.all(group, to);
    for (RequestJudge ledger : List.of(keeping, reconnecting)) {
      ledger.switching(TrafficSplit.all(group, to.other()), after);
    }
    Duration start = time.elapsed();
    switcher.switchTo(to);
    Duration took = time.elapsed().minus(start);
    for (RequestJudge ledger : List.of(keeping, reconnecting)) {
      ledger.switched(after);
    }
    return took;
  }

  private Group group(Cleanup own) throws IOException {
    List<Integer> doors = DemoDirectory.freePorts(way.services().size());
    List<Service> services = new ArrayList<>();
    for (String name : way.services()) {
      services.add(
          Service.named(name)
              .blue("http://127.0.0.1:" + own.add(application(Color.BLUE)).port())
              .green("http://127.0.0.1:" + own.add(application(Color.GREEN)).port())
              .frontDoor("http://127.0.0.1:" + doors.get(services.size())));
    }
    return new Group("benchmark", services);
  }

  private static DemoApplication application(Color color) {
    return new DemoApplication(0, color == Color.BLUE ? "v1" : "v2", color);
  }
}
