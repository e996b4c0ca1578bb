package io.bluegreen.gate;

import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.Group;
import io.bluegreen.Phase;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Moments to judge: green is the candidate, and has a quarter of the traffic. */
final class GateMoments {
  private GateMoments() {}

  static Gate.Context of(Service... services) {
    return of(
        "d-1", Phase.SHIFT, Duration.ofSeconds(10), Optional.of(Release.of("1.4.2")), services);
  }

  static Gate.Context web() {
    return of(web("http://127.0.0.1:1101"));
  }

  static Gate.Context held(Gate.Context moment, Duration held) {
    return new Gate.Context(
        moment.deploymentId(),
        moment.phase(),
        moment.release(),
        moment.candidates(),
        moment.live(),
        moment.split(),
        held,
        moment.meter());
  }

  static Gate.Context split(Gate.Context moment, int percent) {
    return new Gate.Context(
        moment.deploymentId(),
        moment.phase(),
        moment.release(),
        moment.candidates(),
        moment.live(),
        moment.split().with("web", Color.GREEN, percent),
        moment.held(),
        moment.meter());
  }

  static Gate.Context of(
      String deployment,
      Phase phase,
      Duration held,
      Optional<Release> release,
      Service... services) {
    Group group = new Group("shop", List.of(services));
    List<Slot> green =
        group.services().stream().map(s -> group.slot(s.name(), Color.GREEN)).toList();
    TrafficSplit split = TrafficSplit.all(group, Color.BLUE);
    for (Service service : group.routed()) {
      split = split.with(service.name(), Color.GREEN, 25);
    }
    return new Gate.Context(
        deployment,
        phase,
        release,
        green,
        green.stream().map(Slot::other).toList(),
        split,
        held,
        Optional.empty());
  }

  static Service web(String green) {
    return service("web", green);
  }

  static Service web(URI green) {
    return service("web", green.toString());
  }

  /** A service whose blue instance is nowhere. */
  static Service service(String name, String... green) {
    return Service.named(name).blue("http://192.0.2." + name.length() + ":9").green(green);
  }
}
