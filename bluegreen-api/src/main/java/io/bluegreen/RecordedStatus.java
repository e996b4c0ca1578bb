package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a group stands by its record, which was true when it was last written. Immutable.
 *
 * @param group its name
 * @param acknowledged the split of the last proven switch; empty before the first. Only the router
 *     can tell what is served at this moment
 * @param background the live colour of each background service that was ever deployed
 * @param versions what was launched and not stopped since, by slot such as {@code web/green}
 * @param runningNow who acts on the group now, if somebody does
 * @param open the id of a deployment that was started and has not ended: it runs now, is suspended,
 *     or its process is gone
 * @param operation what that deployment was asked for
 * @param phase the phase that it is in, as far as it is recorded
 * @param warnings what the store warns of
 */
public record RecordedStatus(
    String group,
    Optional<TrafficSplit> acknowledged,
    Map<String, Color> background,
    Map<String, String> versions,
    Optional<LeaseOwner> runningNow,
    Optional<String> open,
    Optional<String> operation,
    Optional<Phase> phase,
    List<String> warnings)
    implements JsonForm {
  /** Copies, and refuses null. */
  public RecordedStatus {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(acknowledged, "acknowledged");
    ArgumentChecks.noNulls("background", background);
    ArgumentChecks.noNulls("versions", versions);
    Objects.requireNonNull(runningNow, "runningNow");
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(phase, "phase");
    ArgumentChecks.noNulls("warnings", warnings);
    background = Collections.unmodifiableMap(new TreeMap<>(background));
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    warnings = List.copyOf(warnings);
  }
}
