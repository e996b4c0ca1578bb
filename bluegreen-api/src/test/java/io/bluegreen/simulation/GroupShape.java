package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.stream.Stream;

/** The groups of services that the simulation deploys. */
enum GroupShape {
  WEB(web("web", 1)),
  WIDE(
      Service.named("web")
          .blue("http://127.0.0.1:1101", "http://127.0.0.1:1103")
          .green("http://127.0.0.1:1102", "http://127.0.0.1:1104")),
  PAIR(web("web", 1), web("api", 2)),
  BOT(web("web", 1), Service.background("bot"));

  final Group group;
  final List<Slot> slots;

  GroupShape(Service... services) {
    group = new Group("shop", List.of(services));
    slots =
        group.services().stream()
            .flatMap(s -> Stream.of(Color.values()).map(color -> group.slot(s.name(), color)))
            .toList();
  }

  private static Service web(String name, int n) {
    return Service.named(name)
        .blue("http://127.0.0.1:1" + n + "01")
        .green("http://127.0.0.1:1" + n + "02")
        .frontDoor("http://127.0.0.1:1" + n + "00");
  }

  TrafficSplit everything(Color color) {
    return TrafficSplit.all(group, color);
  }

  /** One of the routed services. */
  Service routed(int which) {
    return group.routed().get(Math.floorMod(which, group.routed().size()));
  }

  Slot slot(String service, Color color) {
    return slots.stream()
        .filter(slot -> slot.service().name().equals(service) && slot.color() == color)
        .findFirst()
        .orElseThrow();
  }
}
