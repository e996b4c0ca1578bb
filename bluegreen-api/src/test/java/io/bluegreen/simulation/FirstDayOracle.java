package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.Instance;
import io.bluegreen.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of the oracle that knows what served before the library came: it is live, and an
 * adoption of it touches nothing.
 */
final class FirstDayOracle {
  private final World world;

  FirstDayOracle(World world) {
    this.world = world;
  }

  /**
   * Checks that a colour which served and was healthy was taken for live, and that no other was.
   */
  void started(HostLife life, StoredDocument now) {
    boolean moves = now.is(Operation.Kind.DEPLOY) || now.is(Operation.Kind.SWITCH);
    for (String candidate : now.candidates()) {
      String service = candidate.substring(0, candidate.indexOf('/'));
      boolean routed = world.proxy.running.services().contains(service);
      Optional<Color> served =
          now.from().filter(from -> routed).flatMap(from -> from.sole(service));
      if (served.isEmpty() || !moves || life.misled()) {
        continue; // If both colours serve, neither is taken for the live one.
      }
      List<Instance> looked =
          world.script.shape().slot(service, served.get()).instances().stream()
              .filter(instance -> life.listened.containsKey(instance.toString()))
              .toList();
      boolean listen = looked.stream().anyMatch(instance -> isTrue(life.listened, instance));
      if (now.unassigned(service) && (looked.isEmpty() || listen)) {
        world.broken(13, "what served was taken for nothing", service + ": " + life.listened);
      }
      boolean whole =
          looked.stream()
              .allMatch(
                  instance -> isTrue(life.listened, instance) && isTrue(life.answered, instance));
      if (now.foundLive(service) && !now.forced() && !whole) {
        world.broken(13, "what was not healthy was taken for live", service);
      }
    }
  }

  private static boolean isTrue(Map<String, Boolean> told, Instance instance) {
    return told.getOrDefault(instance.toString(), false);
  }

  /** Checks that an adoption starts and stops nothing, whatever becomes of it. */
  void notByAnAdoption(StoredDocument stored, String what) {
    if (stored.is(Operation.Kind.ADOPT)) {
      world.broken(13, "an adoption has touched something", what);
    }
  }
}
