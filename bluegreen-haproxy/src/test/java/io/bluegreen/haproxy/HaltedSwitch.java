package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that moves a group from blue to green and is dead at one step, as by kill -9. */
final class HaltedSwitch {
  static final int HALTED = 137;

  private HaltedSwitch() {}

  public static void main(String[] args) {
    String step = args[0];
    Path dir = Path.of(args[1]);
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("api").blue("http://127.0.0.1:1").green("http://127.0.0.1:2"),
                Service.named("web").blue("http://127.0.0.1:3").green("http://127.0.0.1:4")));
    Scheme scheme =
        new SteppedScheme(
            new MapScheme(group, dir.resolve("shop.map")),
            at -> {
              if (at.equals(step)) {
                Runtime.getRuntime().halt(HALTED);
              }
            });
    Proxy proxy =
        new Proxy(
            RuntimeApi.unix(dir.resolve("admin.sock")),
            Optional.of(MasterApi.unix(dir.resolve("master.sock"))),
            TimeSource.system());
    Switch change =
        new Switch(
            TrafficSplit.all(group, Color.BLUE),
            TrafficSplit.all(group, Color.GREEN),
            1,
            "halted",
            1,
            Duration.ofSeconds(20));
    new SwitchRun(proxy, scheme, change).apply();
  }
}
