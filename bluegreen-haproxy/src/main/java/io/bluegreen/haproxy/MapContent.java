package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The whole map of one group, as a process or the file has it. Immutable.
 *
 * @param owner the group that the map is marked with, if it is marked
 * @param services the share of each service that was ever switched
 * @param foreign the other entries, which are not ours, or whose value can't be read
 */
record MapContent(Optional<String> owner, Map<String, MapShare> services, List<MapEntry> foreign) {
  /** The key that carries the mark; a service's name has no colon, so it can't be one. */
  static final String MARK = "bluegreen:group";

  MapContent {
    services = new TreeMap<>(services);
    foreign = List.copyOf(foreign);
  }

  /** Reads a map as HAProxy looks it up: the first of several entries with one key wins. */
  static MapContent of(Group group, List<MapEntry> entries) {
    Set<String> names = new TreeSet<>(group.routed().stream().map(Service::name).toList());
    Optional<String> owner = Optional.empty();
    Map<String, MapShare> services = new TreeMap<>();
    List<MapEntry> foreign = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (MapEntry entry : entries) {
      Optional<MapShare> share = MapShare.parse(entry.value());
      if (!seen.add(entry.key())) {
        continue;
      }
      if (entry.key().equals(MARK)) {
        owner = Optional.of(entry.value());
      } else if (names.contains(entry.key()) && share.isPresent()) {
        services.put(entry.key(), share.get());
      } else {
        foreign.add(entry);
      }
    }
    return new MapContent(owner, services, foreign);
  }

  /** Returns its split; a service without a share has the rendered default, blue. */
  TrafficSplit split(Group group) {
    Map<String, Integer> green = new TreeMap<>();
    for (Service service : group.routed()) {
      MapShare share = services.get(service.name());
      green.put(service.name(), share == null ? 0 : share.green());
    }
    return new TrafficSplit(green);
  }

  /** Returns the generation of the last switch that it carries; 0 if it carries none. */
  long generation() {
    return services.values().stream().mapToLong(MapShare::generation).max().orElse(0);
  }

  /** Returns the key of a service whose value can't be read, if there is one. */
  Optional<MapEntry> unreadable(Group group) {
    return foreign.stream()
        .filter(entry -> group.routed().stream().anyMatch(s -> s.name().equals(entry.key())))
        .findFirst();
  }

  /**
   * Returns the map after a switch. Each service that moves carries the generation of the switch;
   * if none moves, the first service carries it.
   */
  MapContent after(Group group, Switch change) {
    Map<String, MapShare> next = new TreeMap<>(services);
    change
        .to()
        .green()
        .forEach(
            (service, percent) -> {
              MapShare share = services.get(service);
              if (share == null || share.green() != percent) {
                next.put(service, new MapShare(percent, change.generation()));
              }
            });
    MapContent moved = new MapContent(Optional.of(group.name()), next, List.of());
    if (moved.generation() != change.generation()) {
      String first = change.to().services().iterator().next();
      next.put(
          first, new MapShare(change.to().green().getOrDefault(first, 0), change.generation()));
    }
    return new MapContent(Optional.of(group.name()), next, List.of());
  }

  /** Returns all entries in the order of the file. */
  Map<String, String> entries() {
    Map<String, String> entries = new java.util.LinkedHashMap<>();
    owner.ifPresent(name -> entries.put(MARK, name));
    services.forEach((service, share) -> entries.put(service, share.toString()));
    return entries;
  }
}
