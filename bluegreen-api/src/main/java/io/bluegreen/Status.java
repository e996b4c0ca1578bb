package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a group stands at one moment. Immutable.
 *
 * @param group its name
 * @param truth what the router serves
 * @param unassigned services for which nothing is live, because nobody ever deployed them: by the
 *     router, or by the record; empty where the router can't be asked
 * @param slots one for each colour of each service
 * @param drift where truth and record are apart; empty if nowhere
 * @param runningNow who acts on the group now, if somebody does
 * @param open the id of a deployment that was started and has not ended: it runs now, or its
 *     process is gone
 * @param warnings what the router reported when it was opened, and what the store warns of
 */
public record Status(
    String group,
    RouterTruth truth,
    Set<String> unassigned,
    List<SlotStatus> slots,
    List<Drift> drift,
    Optional<LeaseOwner> runningNow,
    Optional<String> open,
    List<String> warnings)
    implements JsonForm {
  /** Copies. */
  public Status {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(truth, "truth");
    ArgumentChecks.noNulls("unassigned", unassigned);
    ArgumentChecks.noNulls("slots", slots);
    ArgumentChecks.noNulls("drift", drift);
    Objects.requireNonNull(runningNow, "runningNow");
    Objects.requireNonNull(open, "open");
    ArgumentChecks.noNulls("warnings", warnings);
    unassigned = Set.copyOf(unassigned);
    slots = List.copyOf(slots);
    drift = List.copyOf(drift);
    warnings = List.copyOf(warnings);
  }

  /**
   * One colour of one service.
   *
   * @param slot the slot
   * @param live whether the router sends it all requests of its service
   * @param share percent of requests that it gets; empty for a background service, or if the router
   *     can't be asked
   * @param version the version that was launched there, if the record knows one
   * @param launch what the launcher says of it
   * @param health one probe of all its instances: the first that is down, else the first
   */
  public record SlotStatus(
      Slot slot,
      boolean live,
      Optional<Integer> share,
      Optional<String> version,
      LaunchState launch,
      Health health)
      implements JsonForm {
    /** Refuses null. */
    public SlotStatus {
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(share, "share");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(health, "health");
    }
  }
}
