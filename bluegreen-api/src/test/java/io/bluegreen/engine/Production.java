package io.bluegreen.engine;

import static io.bluegreen.Color.GREEN;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.Color;
import io.bluegreen.DeploymentResult;
import io.bluegreen.Group;
import io.bluegreen.Listening;
import io.bluegreen.Operation;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.Status;
import java.util.Optional;

/** What served before the library came: started by somebody else, in one colour of each service. */
final class Production {
  private Production() {}

  /** Production, which somebody else started. */
  static Shop production(Shop shop, Color color) {
    for (Service service : shop.services) {
      runs(shop, service.name(), color);
      shop.router.open(opening(shop));
      if (color == GREEN) {
        shop.router.switchByHand(service.name(), GREEN, 100);
      }
    }
    return shop;
  }

  static Router.Opening opening(Shop shop) {
    return new Router.Opening(new Group("shop", shop.services), Optional.empty(), 0);
  }

  static void runs(Shop shop, String service, Color color) {
    shop.launcher.strangerRuns(service, color);
    shop.router.listening(service, color, Listening.YES);
  }

  static void ends(Shop shop, String service, Color color) {
    shop.launcher.strangerEnds(service, color);
    shop.router.listening(service, color, Listening.NO);
  }

  static Status.SlotStatus slot(Status status, String service, Color color) {
    return status.slots().stream()
        .filter(slot -> slot.slot().toString().equals(service + "/" + color))
        .findFirst()
        .orElseThrow();
  }

  static DeploymentResult run(Shop shop, Operation operation) {
    try (BlueGreenManager manager = shop.manager()) {
      return manager.run(operation);
    }
  }
}
