package io.bluegreen;

import io.bluegreen.support.Given;
import io.bluegreen.support.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a group stands at one moment. Immutable.
 *
 * @param group its name
 * @param truth what the router serves
 * @param slots one for each colour of each service
 * @param drift where truth and record are apart; empty if nowhere
 * @param runningNow who acts on the group now, if somebody does
 * @param open id of a deployment that was begun and not ended: it runs now, or its process is gone
 * @param warnings what the router reported when it was opened, and what the store warns of
 */
public record Status(
    String group,
    RouterTruth truth,
    List<SlotStatus> slots,
    List<Drift> drift,
    Optional<Owner> runningNow,
    Optional<String> open,
    List<String> warnings) {
  /** Copies. */
  public Status {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(truth, "truth");
    Given.noNulls("slots", slots);
    Given.noNulls("drift", drift);
    Objects.requireNonNull(runningNow, "runningNow");
    Objects.requireNonNull(open, "open");
    Given.noNulls("warnings", warnings);
    slots = List.copyOf(slots);
    drift = List.copyOf(drift);
    warnings = List.copyOf(warnings);
  }

  /**
   * One colour of one service.
   *
   * @param slot which
   * @param live whether the router sends it all requests of its service
   * @param share percent of requests that it gets; empty for a background service, or if the router
   *     can't be asked
   * @param version that was launched there, if the record knows one
   * @param launch what the launcher says of it
   * @param health one probe of all its instances: the first that is down, else the first
   */
  public record SlotStatus(
      Slot slot,
      boolean live,
      Optional<Integer> share,
      Optional<String> version,
      LaunchState launch,
      Health health) {
    /** Refuses null. */
    public SlotStatus {
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(share, "share");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(health, "health");
    }
  }

  /** Returns the status as one JSON object, for tools. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", group);
    runningNow.ifPresent(owner -> json.put("runningNow", owner.toString()));
    if (truth instanceof RouterTruth.Known known) {
      json.put("running", known.running().green());
      known
          .durableUnknown()
          .ifPresentOrElse(
              why -> json.put("durableUnknown", why),
              () -> json.put("durable", known.durable().green()));
      json.put("generation", known.generation());
      json.put("fence", known.fence());
      json.put("unassigned", known.unassigned().stream().sorted().toList());
    } else if (truth instanceof RouterTruth.Unreachable unreachable) {
      json.put("unreachable", unreachable.reason());
    } else if (truth instanceof RouterTruth.NotServing not) {
      json.put("notServing", not.describe());
      json.put("willServe", not.once().running().green());
    }
    json.put("slots", slots.stream().map(Status::json).toList());
    json.put("drift", drift.stream().map(Drift::toString).toList());
    open.ifPresent(id -> json.put("open", id));
    json.put("warnings", warnings);
    return Json.write(json);
  }

  private static Map<String, Object> json(SlotStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("service", status.slot().service().name());
    json.put("color", status.slot().color().label());
    json.put("live", status.live());
    status.share().ifPresent(share -> json.put("share", share));
    status.version().ifPresent(version -> json.put("version", version));
    json.put("launch", status.launch().toString());
    json.put("health", status.health().toString());
    return json;
  }
}
