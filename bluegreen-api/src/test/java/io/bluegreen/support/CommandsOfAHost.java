package io.bluegreen.support;

import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.Instance;
import io.bluegreen.Phase;
import io.bluegreen.TrafficSplit;
import io.bluegreen.gate.CommandGate;
import io.bluegreen.health.CommandHealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A host whose gate and whose health check are programs with a bare name. */
final class CommandsOfAHost {
  private CommandsOfAHost() {}

  /** Prints what both say of a program that lies in the working directory only, and of sh. */
  public static void main(String[] args) throws Exception {
    Gate.Context context =
        new Gate.Context(
            "d",
            Phase.BAKE,
            Optional.empty(),
            List.of(),
            List.of(),
            new TrafficSplit(new TreeMap<>(Map.of("web", 0))),
            Duration.ZERO,
            Optional.empty());
    Instance web = new Instance("web", Color.GREEN, 0, Optional.empty());
    List<String> sh = List.of("sh", "-c", "exit 0");
    try (CommandHealthCheck probe = CommandHealthCheck.of(List.of("probe"));
        CommandHealthCheck shell = CommandHealthCheck.of(sh)) {
      System.out.println("gate " + CommandGate.of(List.of("probe")).judge(context));
      System.out.println("check " + probe.probe(web).get());
      System.out.println(
          "gate of sh " + CommandGate.of(sh).within(Duration.ofMinutes(1)).judge(context));
      System.out.println("check of sh " + shell.probe(web).get());
    }
  }
}
