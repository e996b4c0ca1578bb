package io.bluegreen.nginx;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Switches group shop from blue to green in a JVM of its own, and stands still at one point, to be
 * killed there. Arguments: mode, place, point and which time it comes there, and of each service
 * its name, blue, green, front door.
 */
final class SwitchProgram {
  private final String mode;
  private final Path place;
  private final String point;
  private int times;

  private SwitchProgram(String mode, Path place, String point, int times) {
    this.mode = mode;
    this.place = place;
    this.point = point;
    this.times = times;
  }

  public static void main(String[] args) {
    new SwitchProgram(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3]))
        .run(group(List.of(args).subList(4, args.length)));
  }

  private void run(Group group) {
    try (NginxRouter router = router().checkpoint(this::at)) {
      router.open(new Router.Opening(group, Optional.empty(), 0));
      TrafficSplit blue = TrafficSplit.all(group, Color.BLUE);
      Switch change = NginxShop.change(blue, TrafficSplit.all(group, Color.GREEN), 2, 1);
      // A spoilt switch is tried for its whole limit before it is taken back.
      router.apply(
          mode.equals("live, failing") ? NginxShop.within(change, Duration.ofSeconds(2)) : change);
      System.out.println("RETURNED");
    }
  }

  private void at(String now) {
    if (now.equals(point) && --times == 0) {
      System.out.println("AT " + point);
      standStill();
    }
    if (mode.equals("live, failing") && now.equals("installed")) {
      undo("gen-2/web");
    }
    if (mode.equals("reload, failing") && now.equals("reload asked")) {
      Thread.currentThread().interrupt(); // While it waits for the proof.
    }
  }

  private static void standStill() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Spoils the switch, so that it is not proven and taken back. */
  private void undo(String link) {
    try {
      Files.delete(place.resolve(link));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NginxRouter router() {
    return router(mode, place);
  }

  static NginxRouter router(String mode, Path place) {
    return mode.startsWith("live")
        ? NginxRouter.live(place)
        : NginxRouter.reload(place)
            .nginxCommand(RealNginx.command(place.resolveSibling("nginx.conf")));
  }

  static Group group(List<String> args) {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < args.size(); i += 4) {
      services.add(
          Service.named(args.get(i))
              .blue(args.get(i + 1))
              .green(args.get(i + 2))
              .frontDoor(args.get(i + 3)));
    }
    return new Group("shop", services);
  }

  /** Returns what {@link #group} reads. */
  static List<String> arguments(Group group) {
    List<String> arguments = new ArrayList<>();
    for (Service service : group.services()) {
      arguments.add(service.name());
      arguments.add(service.endpoints(Color.BLUE).get(0).toString());
      arguments.add(service.endpoints(Color.GREEN).get(0).toString());
      arguments.add(service.frontDoor().orElseThrow().toString());
    }
    return arguments;
  }

  /** Starts it, and kills it with signal 9 when it stands at the point. */
  static void killAt(String mode, Path place, String point, int times, Group group)
      throws Exception {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SwitchProgram.class.getName(),
                mode,
                place.toString(),
                point,
                String.valueOf(times)));
    argv.addAll(arguments(group));
    Process program =
        new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD).start();
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
