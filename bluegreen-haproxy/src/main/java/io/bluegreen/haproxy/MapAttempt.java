package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.Switch;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One switch in map mode: it writes the record, and sets the one key that is to change or makes a
 * transaction of all.
 */
final class MapAttempt implements RoutingMode.Attempt {
  private final MapFile file;
  private final MapFile.Content former;
  private final String content;
  private final Map<String, String> goal;

  /** The entries of the process from which this switch was made; used once. */
  private List<MapEntry> seen;

  MapAttempt(
      Group group, MapFile file, Switch change, MapFile.Content former, List<MapEntry> seen) {
    MapContent next = MapContent.of(group, seen).after(group, change);
    this.file = file;
    this.former = former;
    this.content = MapFile.render(group, next, change.fence(), change.deploymentId());
    this.goal = next.entries();
    this.seen = seen;
  }

  @Override
  public void record() throws IOException {
    file.file().write(former.text(), content);
  }

  @Override
  public void restore() throws IOException {
    file.file().restore(former.text());
  }

  @Override
  public void serve(RuntimeApi worker) {
    // The map is not read twice. A process that has started since has the file, and these
    // commands do it no harm, because neither leaves a key twice.
    List<MapEntry> entries = seen.isEmpty() ? worker.map(file.loaded()) : seen;
    seen = List.of();
    Map<String, String> missing = missing(entries);
    if (missing.isEmpty()) {
      return;
    }
    if (bySetting(entries, missing)) {
      missing.forEach((key, value) -> worker.setMap(file.loaded(), key, value));
    } else {
      commit(worker);
    }
    if (!missing(worker.map(file.loaded())).isEmpty()) {
      throw notServed(worker, "the map reads back otherwise than it was set");
    }
  }

  private void commit(RuntimeApi worker) {
    int version = worker.prepareMap(file.loaded());
    worker.addMap(file.loaded(), version, goal);
    // This is checked before the commit: a missing entry would send its service to the default.
    if (!missing(worker.map(file.loaded(), version)).isEmpty()) {
      throw notServed(worker, "the prepared version is not what was added");
    }
    worker.commitMap(file.loaded(), version);
  }

  /**
   * Returns whether one key is to be set in place. That says nothing of the other keys, so a switch
   * that moves none is a transaction with all. If a key stands twice, {@code set map} of 3.4.0 sets
   * the last entry, others set both, and lookups see the first: a transaction leaves one.
   */
  private boolean bySetting(List<MapEntry> entries, Map<String, String> missing) {
    if (missing.size() != 1) {
      return false;
    }
    String key = missing.keySet().iterator().next();
    List<MapEntry> own = entries.stream().filter(entry -> entry.key().equals(key)).toList();
    Optional<MapShare> next = MapShare.parse(goal.getOrDefault(key, ""));
    return own.size() == 1
        && MapShare.parse(own.get(0).value())
            .filter(share -> next.isPresent() && share.green() != next.get().green())
            .isPresent();
  }

  private Map<String, String> missing(List<MapEntry> entries) {
    Map<String, String> found = new LinkedHashMap<>();
    entries.forEach(entry -> found.putIfAbsent(entry.key(), entry.value()));
    Map<String, String> missing = new LinkedHashMap<>(goal);
    missing.entrySet().removeIf(wanted -> wanted.getValue().equals(found.get(wanted.getKey())));
    return missing;
  }

  private RuntimeApiException notServed(RuntimeApi worker, String why) {
    return RuntimeApiException.broken(
        Kind.NOT_UNDERSTOOD, true, worker + ": " + why + "; does somebody else write it?", null);
  }

  @Override
  public List<String> describe(RuntimeApi worker) {
    List<String> plan = new ArrayList<>(MapPlan.diff(file.path(), former.text(), content));
    List<MapEntry> entries = worker.map(file.loaded());
    Map<String, String> missing = missing(entries);
    plan.addAll(MapPlan.commands(file.loaded(), missing, goal, bySetting(entries, missing)));
    return plan;
  }
}
