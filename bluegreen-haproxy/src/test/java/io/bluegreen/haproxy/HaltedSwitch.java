package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that moves a group to a colour, and is dead or stands still at one step. */
final class HaltedSwitch {
  static final int HALTED = 137;

  /** Before a step: to stand still there, until somebody sends SIGCONT. */
  static final String STOP = "stop ";

  private HaltedSwitch() {}

  static Process start(DisturbedSwitches proxy, Path admin, String step, Color to, long generation)
      throws IOException {
    return start(proxy.mode(), proxy.haproxy(), admin, step, to, generation);
  }

  static Process start(
      Mode mode, RealHaproxy haproxy, Path admin, String step, Color to, long generation)
      throws IOException {
    return start("022", mode, haproxy, admin, step, to, generation);
  }

  static Process start(
      String umask,
      Mode mode,
      RealHaproxy haproxy,
      Path admin,
      String step,
      Color to,
      long generation)
      throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "umask " + umask + "; exec \"$@\"",
            "sh",
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            HaltedSwitch.class.getName(),
            mode.name(),
            haproxy.dir.toString(),
            admin.toString(),
            step,
            to.name(),
            Long.toString(generation))
        .redirectErrorStream(true)
        .redirectOutput(haproxy.dir.resolve("switch.log").toFile())
        .start();
  }

  public static void main(String[] args) {
    Path dir = Path.of(args[1]);
    String step = args[3];
    Color to = Color.valueOf(args[4]);
    Group group =
        new Group(
            "shop",
            List.of(
                Service.named("api").blue("http://127.0.0.1:1").green("http://127.0.0.1:2"),
                Service.named("web").blue("http://127.0.0.1:3").green("http://127.0.0.1:4")));
    RoutingMode scheme =
        new SteppedMode(
            Mode.valueOf(args[0]).scheme(group, dir),
            at -> {
              if (at.equals(step)) {
                Runtime.getRuntime().halt(HALTED);
              } else if (step.equals(STOP + at)) {
                RealHaproxy.signal("-STOP", ProcessHandle.current().pid());
              }
            });
    RunningHaproxy proxy =
        new RunningHaproxy(
            RuntimeApi.unix(Path.of(args[2])),
            Optional.of(MasterApi.unix(dir.resolve("master.sock"))),
            TimeSource.system());
    Switch change =
        new Switch(
            TrafficSplit.all(group, to.other()),
            TrafficSplit.all(group, to),
            Long.parseLong(args[5]),
            "halted",
            1,
            Duration.ofMinutes(2));
    new SwitchRun(proxy, scheme, change).apply();
  }
}
