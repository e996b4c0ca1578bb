package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.TrafficSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Switches group shop from blue to green in a JVM of its own, and stands still at one point, to be
 * killed there. Arguments: mode, place, point, blue, green, front door.
 */
final class SwitchProgram {
  private SwitchProgram() {}

  public static void main(String[] args) throws Exception {
    Group group =
        new Group(
            "shop", List.of(Service.named("web").blue(args[3]).green(args[4]).frontDoor(args[5])));
    CountDownLatch never = new CountDownLatch(1);
    NginxRouter router =
        router(args[0], Path.of(args[1]))
            .checkpoint(
                point -> {
                  if (point.equals(args[2])) {
                    System.out.println("AT " + point);
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                });
    try (router) {
      router.open(new Router.Opening(group, Optional.empty(), 0));
      TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
      router.apply(Shop.change(blue, TrafficSplit.all(group, Color.GREEN), 2, 1));
      System.out.println("RETURNED");
    }
  }

  private static NginxRouter router(String mode, Path place) {
    return switch (mode) {
      case "live" -> NginxRouter.live(place);
      case "reload" ->
          NginxRouter.reload(place)
              .nginxCommand(RealNginx.command(place.resolveSibling("nginx.conf")));
      default -> throw new IllegalArgumentException(mode);
    };
  }

  /** Starts it, and kills it with signal 9 when it stands at the point. */
  static void killAt(String mode, Path place, String point, Group group) throws Exception {
    Service web = group.service("web");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SwitchProgram.class.getName(),
                mode,
                place.toString(),
                point,
                web.endpoints(Color.BLUE).get(0).toString(),
                web.endpoints(Color.GREEN).get(0).toString(),
                web.frontDoor().orElseThrow().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = program.inputReader()) {
      String line = lines.readLine();
      if (!("AT " + point).equals(line)) {
        throw new AssertionError("expected to stand at " + point + ", but it said " + line);
      }
    } finally {
      program.destroyForcibly().waitFor();
    }
  }
}
