package io.bluegreen.engine;

import io.bluegreen.Group;
import io.bluegreen.LaunchState;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.Release;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a rollback goes back to, service by service: what was live before the last promotion,
 * or the version that was named. What is live tells whether a promotion still holds, not the
 * record. Touches nothing.
 */
final class Rollback {
  private final OperationRun run;
  private final StateDocument state;
  private final Group group;
  private final ServedNow served;

  /** Services that are already where they are to go, each with the reason. */
  private final Map<Service, String> there = new LinkedHashMap<>();

  private final List<Service> back = new ArrayList<>();
  private final List<String> stuck = new ArrayList<>();

  Rollback(OperationRun run, ServedNow served) {
    this.run = run;
    this.state = run.state();
    this.group = run.setup.group();
    this.served = served;
  }

  /**
   * Returns the services that go back; none where all are there already.
   *
   * @throws OperationRefusedException if one that should go back can't
   */
  List<Service> services() {
    Optional<String> version = run.operation.version();
    for (Service service : concerned()) {
      if (version.isPresent()) {
        named(service, version.get());
      } else {
        undo(service);
      }
    }
    if (!stuck.isEmpty() || (back.isEmpty() && there.isEmpty())) {
      throw served.refused(
          "there is nothing to go back to: "
              + (stuck.isEmpty() ? "nothing was promoted yet" : String.join("; ", stuck))
              + (version.isPresent() ? "; " + warm() : ""));
    }
    if (back.isEmpty()) {
      there.keySet().forEach(this::requireAlive);
    }
    return List.copyOf(back);
  }

  /** Returns why there is nothing to do; empty if there is something. */
  String nothingToDo() {
    return back.isEmpty()
        ? run.operation
            + " changes nothing: "
            + String.join("; ", there.values())
            + there.keySet().stream().map(this::forward).distinct().collect(Collectors.joining())
        : "";
  }

  /**
   * Returns the services that were named; else, for a version, those that have anything live; else
   * those of the last promotion.
   */
  private List<Service> concerned() {
    List<String> named = run.operation.services();
    if (!named.isEmpty()) {
      return named.stream().map(group::service).toList();
    }
    if (run.operation.version().isPresent()) {
      return group.services().stream().filter(service -> !isNothingYet(service)).toList();
    }
    List<Service> last =
        group.services().stream()
            .filter(service -> promotion(service).filter(this::isLast).isPresent())
            .toList();
    List<Service> before =
        last.stream().filter(service -> !promotion(service).orElseThrow().first()).toList();
    return before.isEmpty() ? last : before; // A service that was new in its group stays.
  }

  private boolean isLast(Promotion promotion) {
    return promotion.deploymentId().equals(state.lastPromotion);
  }

  private boolean isNothingYet(Service service) {
    return service.routed()
        ? served.unassigned().contains(service.name())
        : !state.background.containsKey(service.name());
  }

  private Optional<Promotion> promotion(Service service) {
    return Optional.ofNullable(state.promotions.get(service.name()));
  }

  private void undo(Service service) {
    Optional<Promotion> promoted = promotion(service);
    if (promoted.isEmpty() || isNothingYet(service)) {
      stuck.add("nothing of " + service + " was promoted yet");
      return;
    }
    Promotion last = promoted.get();
    Slot live = live(service);
    if (live.color() == last.to()) {
      if (isKept(service)) {
        back.add(service);
      } else {
        stuck.add(
            "deployment "
                + last.deploymentId()
                + " made "
                + version(last.is())
                + " of "
                + service
                + " live, and "
                + (last.first()
                    ? "nothing was live before"
                    : version(last.was())
                        + ", which was live before, is not kept warm any more: deploy it again"));
      }
    } else if (last.isTakenBackBy(live.color(), release(live))) {
      there.put(service, takenBack(service, last));
    } else {
      stuck.add(
          version(release(live)) + " of " + service + " is live, but no deployment promoted it");
    }
  }

  private static String takenBack(Service service, Promotion last) {
    return version(last.was())
        + " of "
        + service
        + " is live again"
        + (last.undoneAt() == null
            ? ""
            : " since " + last.undoneAt() + ", by deployment " + last.undoneBy())
        + ", and the last promotion, of "
        + version(last.is())
        + " by deployment "
        + last.deploymentId()
        + ", is taken back";
  }

  private void named(Service service, String version) {
    if (isNothingYet(service)) {
      stuck.add("nothing of " + service + " is live yet");
    } else if (isOf(version, release(live(service)))) {
      there.put(service, "version " + version + " of " + service + " is live");
    } else if (isOf(version, kept(service))) {
      back.add(service);
    } else {
      stuck.add("version " + version + " of " + service + " is not kept warm");
    }
  }

  /** Returns whether what was live before runs still, and was not told to stop. */
  private boolean isKept(Service service) {
    return service.routed()
        ? state.former.get(service.name()) == live(service).other().color()
        : state.formerBackground.containsKey(service.name());
  }

  /** Returns what a service can go to, no matter who promoted it. */
  private @Nullable Release kept(Service service) {
    return service.routed()
        ? release(live(service).other())
        : state.formerBackground.get(service.name());
  }

  private String warm() {
    String all =
        group.services().stream()
            .filter(service -> !isNothingYet(service) && kept(service) != null)
            .map(service -> version(kept(service)) + " of " + service)
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "nothing is kept warm" : "kept warm: " + all;
  }

  private Slot live(Service service) {
    return group.slot(service.name(), served.idle(service).other());
  }

  private @Nullable Release release(Slot slot) {
    return state.occupant(slot).map(SlotOccupant::release).orElse(null);
  }

  private static boolean isOf(String version, @Nullable Release release) {
    return release != null && release.version().equals(version);
  }

  private static String version(@Nullable Release release) {
    return release == null ? "what ran there" : "version " + release.version();
  }

  /**
   * Refuses if the live process has ended: then it would be wrong to say that it is live already.
   */
  private void requireAlive(Service service) {
    Slot live = live(service);
    try {
      LaunchState launch = run.launchState(live);
      if (!launch.alive()) {
        throw served.refused(
            version(release(live))
                + " is live on "
                + live
                + " and is what it goes back to, but it does not run: "
                + launch
                + "; deploy it again"
                + forward(service));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says how to go forward on purpose. */
  private String forward(Service service) {
    Slot other = live(service).other();
    Release release = release(other);
    if (!service.routed() || release == null) {
      return "; to go forward on purpose, deploy";
    }
    String color = "Color." + other.color().name();
    return "; to go to version "
        + release.version()
        + " on purpose, call "
        + (group.routed().size() == 1
            ? "switchTraffic(" + color + ")"
            : "run(Operation.switchTo(" + color + ").service(\"" + service + "\"))");
  }
}
